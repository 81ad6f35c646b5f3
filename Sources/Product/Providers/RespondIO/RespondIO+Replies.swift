import FunctionContract

extension RespondIO {
    static func outcome(of reply: ProviderReply, now: Timestamp) -> SendOutcome {
        let json = reply.json
        if reply.isSuccess {
            guard let id = json?["messageId"]?.asIdentifier else {
                return .successWithoutID(reply)
            }
            return .accepted(Acceptance(messageID: MessageID(id)))
        }
        let words = json?["message"]?.asIdentifier
        switch reply.status {
        case 449:
            let wait = reply.retryAfter(now: now) ?? .seconds(5)
            return .retry(Retry(.message, after: wait, .stillBeingProcessed(words)))
        case 404: return .giveUp(.contactMissing(words), consequence: .none)
        default: return .failed(reply, words: words, now: now)
        }
    }

    static func lookup(in reply: ProviderReply) -> MessageLookup? {
        if reply.status == 404 { return .notFound }
        guard reply.isSuccess, let json = reply.json, let id = json["messageId"]?.asIdentifier
        else { return nil }
        let messageID = MessageID(id, alternates: [json["channelMessageId"]?.asIdentifier])
        let updates = json["status"].elements.compactMap { status -> StatusUpdate? in
            guard let delivery = self.status(status["value"]?.asText) else { return nil }
            var update = StatusUpdate(messageID: messageID, status: delivery)
            update.at = status["timestamp"]?.asMoment
            if delivery == .failed {
                update.failure = ProviderFailure(title: status["message"]?.asIdentifier)
            }
            return update
        }
        // The message exists, so respond.io accepted it, even if it reports no status.
        return .found(
            updates.isEmpty ? [StatusUpdate(messageID: messageID, status: .accepted)] : updates
        )
    }
}

extension Reason {
    fileprivate static func stillBeingProcessed(_ detail: String?) -> Reason {
        Reason(
            code: "449",
            detail: detail,
            french: "respond.io traite encore ce contact ; rien n'est parti. Le message sera "
                + "retenté.",
            english: "respond.io is still processing this contact; nothing went out. The message "
                + "will be tried again."
        )
    }

    fileprivate static func contactMissing(_ detail: String?) -> Reason {
        Reason(
            code: "404",
            detail: detail,
            french: "Ce contact n'existe pas chez respond.io. Créez-le, puis relancez le message.",
            english: "This contact does not exist at respond.io. Create it, then send the message "
                + "again."
        )
    }
}
