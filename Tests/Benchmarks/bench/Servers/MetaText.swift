import FunctionContract
import Security

/// A webhook of Meta in which a person writes to the number of a `Tenant`.
struct MetaText {
    /// The digits of the person's number.
    let person: String
    let id: String
    let text: String
    /// Our message that the person answers, by the name that Meta gave it.
    var context: String?
    var sentAt = 1_763_600_000

    var body: String {
        let answered = context.map { #""context":{"from":"22890000000","id":"\#($0)"},"# } ?? ""
        return """
            {"object":"whatsapp_business_account","entry":[{"id":"100000000000001","changes":\
            [{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":\
            "22890000000","phone_number_id":"100000000000002"},"contacts":[{"profile":{"name":\
            "Ama Mensah"},"wa_id":"\(person)"}],"messages":[{\(answered)"from":\
            "\(person)","id":"\(id)","timestamp":"\(sentAt)","type":"text","text":{"body":\
            "\(text)"}}]},"field":"messages"}]}]}
            """
    }

    /// The value of the header with which Meta signs a body.
    static func signature(of body: [UInt8], secret: String) -> String {
        "sha256=" + Base16.encode(HMAC.sha256(key: Array(secret.utf8), message: body))
    }
}
