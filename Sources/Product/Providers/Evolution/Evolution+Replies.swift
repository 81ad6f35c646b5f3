import FunctionContract

extension Evolution {
    static func outcome(of reply: ProviderReply, now: Timestamp) -> SendOutcome {
        let json = reply.json
        if reply.isSuccess {
            guard let key = json?["key"], let id = key["id"]?.asIdentifier else {
                return .successWithoutID(reply)
            }
            var acceptance = Acceptance(messageID: MessageID(id))
            acceptance.recipient.add(jid: key["remoteJid"]?.asIdentifier)
            return .accepted(acceptance)
        }
        let code = String(reply.status)
        let message = json?["response"]?["message"]
        let words = message?.asList.first?.asIdentifier ?? json?["error"]?.asIdentifier
        if message?.asList.first?["exists"]?.asBool == false {
            return .giveUp(
                .notOnWhatsApp(code: code, detail: words),
                consequence: .undeliverable
            )
        }
        // The instance does not exist, or its connection was closed before anything was sent.
        let isClosed = words?.lowercased().contains("connection closed") ?? false
        if reply.status == 404 || (reply.status == 400 && isClosed) {
            return .pauseChannel(.notConnected(code: code, detail: words))
        }
        return .failed(reply, words: words, now: now)
    }

    static func numberCheck(in reply: ProviderReply) -> NumberCheck? {
        guard reply.isSuccess, let answer = reply.json?[0], let exists = answer["exists"]?.asBool
        else { return nil }
        if !exists { return .absent }
        var party = Party()
        party.add(jid: answer["jid"]?.asIdentifier)
        party.add(jid: answer["lid"]?.asIdentifier)
        return .exists(party.identities)
    }

    /// The file of a message, from the reply to `ProviderOperation.downloadMedia`; nil when the
    /// reply holds none.
    package static func media(in reply: ProviderReply) -> (bytes: [UInt8], mimeType: String?)? {
        guard reply.isSuccess, let json = reply.json,
            let bytes = json["base64"]?.asText.flatMap(Base64.decode)
        else { return nil }
        return (bytes, json["mimetype"]?.asIdentifier)
    }
}
