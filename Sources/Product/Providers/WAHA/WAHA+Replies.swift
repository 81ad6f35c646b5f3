import FunctionContract

extension WAHA {
    static func outcome(of reply: ProviderReply, now: Timestamp) -> SendOutcome {
        let json = reply.json
        if reply.isSuccess {
            guard let id = json.flatMap(sentID) else { return .successWithoutID(reply) }
            return .accepted(Acceptance(messageID: messageID(id)))
        }
        let code = String(reply.status)
        let words = (json?["error"] ?? json?["message"])?.asIdentifier
        // A session that is missing or not WORKING sends nothing.
        if reply.status == 422, json?["expected"] != nil {
            let state = json?["status"]?.asIdentifier
            let detail = [words, state].compactMap { $0 }.joined(separator: ": ")
            return .pauseChannel(.notConnected(code: code, detail: detail))
        }
        if reply.status == 404 {
            return .pauseChannel(.notConnected(code: code, detail: words))
        }
        return .failed(reply, words: words, now: now)
    }

    /// Each engine returns the message in its own form.
    private static func sentID(_ json: JSON) -> String? {
        let id = json["id"]
        return (id?["_serialized"] ?? id)?.asIdentifier
            ?? json["_data"]?["id"]?["_serialized"]?.asIdentifier
            ?? json["key"]?["id"]?.asIdentifier
    }

    static func numberCheck(in reply: ProviderReply) -> NumberCheck? {
        guard reply.isSuccess, let json = reply.json, let exists = json["numberExists"]?.asBool
        else { return nil }
        if !exists { return .absent }
        var party = Party()
        party.add(jid: json["chatId"]?.asIdentifier)
        return .exists(party.identities)
    }
}
