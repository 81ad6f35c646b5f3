import FunctionContract
import Measurement
import Security

/// Webhooks of Meta, all different, each signed; in a file as `bench-load` replays it.
struct Webhooks: ~Copyable {
    let path: String
    /// The size of each body.
    let bodyBytes: Int
    private let folder: TemporaryFolder

    init(_ count: Int, secret: String) throws(Failure) {
        let key = Array(secret.utf8)
        var lines: [UInt8] = []
        var size = 0
        for number in 0..<count {
            let body = Array(Self.body(number).utf8)
            let code = Base16.encode(HMAC.sha256(key: key, message: body))
            lines += Array("X-Hub-Signature-256: sha256=\(code)\t".utf8) + body
            lines.append(UInt8(ascii: "\n"))
            size = body.count
        }
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/webhooks"
        try writeFile(path, lines)
        self.path = path
        self.bodyBytes = size
        self.folder = folder
    }

    /// Somebody answers.
    private static func body(_ number: Int) -> String {
        let person = "22890\(100_000 + number)"
        return """
            {"object":"whatsapp_business_account","entry":[{"id":"100000000000001","changes":\
            [{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":\
            "22890000000","phone_number_id":"100000000000002"},"contacts":[{"profile":{"name":\
            "Ama Mensah"},"wa_id":"\(person)"}],"messages":[{"context":{"from":"22890000000",\
            "id":"wamid.HBgLMjI4OTAwMDAwMDAVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA"},"from":\
            "\(person)","id":"wamid.HBgLMjI4OTA\(1_000_000 + number)VAgASGBQzQTdCNUJDNkQA",\
            "timestamp":"1763600000","type":"text","text":{"body":"Oui, gardez-moi un panier \
            s'il vous plaît."}}]},"field":"messages"}]}]}
            """
    }
}
