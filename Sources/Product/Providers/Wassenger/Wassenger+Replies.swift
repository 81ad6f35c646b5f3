import FunctionContract

extension Wassenger {
    static func outcome(of reply: ProviderReply, now: Timestamp) -> SendOutcome {
        let json = reply.json
        if reply.isSuccess {
            guard let id = json.flatMap({ WassengerMessage($0).id }) else {
                return .successWithoutID(reply)
            }
            return .accepted(Acceptance(messageID: id))
        }
        let words = (json?["message"] ?? json?["error"])?.asIdentifier
        if json?["exists"]?.asBool == false {
            let reason = Reason.notOnWhatsApp(code: String(reply.status), detail: words)
            return .giveUp(reason, consequence: .undeliverable)
        }
        return .failed(reply, words: words, now: now)
    }

    /// 404 with `exists: false` is an answer. All other failures tell nothing about the number.
    static func numberCheck(in reply: ProviderReply) -> NumberCheck? {
        guard reply.isSuccess || reply.status == 404, let json = reply.json,
            let exists = json["exists"]?.asBool
        else { return nil }
        if !exists { return .absent }
        guard reply.isSuccess else { return nil }
        var party = Party()
        party.add(number: json["phone"]?.asIdentifier)
        party.add(jid: json["wid"]?.asIdentifier)
        return .exists(party.identities)
    }

    static func lookup(in reply: ProviderReply) -> MessageLookup? {
        if reply.status == 404 { return .notFound }
        guard reply.isSuccess, let message = reply.json.map({ WassengerMessage($0) }),
            let id = message.id
        else { return nil }
        var update = StatusUpdate(messageID: id, status: message.status ?? .accepted)
        update.reference = message.reference
        update.recipient = message.recipient
        if update.status == .failed { update.failure = message.failure }
        return .found([update])
    }
}
