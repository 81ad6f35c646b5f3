import Measurement

/// Webhooks of Meta, all different, each signed; in a file as `bench-load` replays it.
struct Webhooks: ~Copyable {
    let path: String
    /// The size of each body.
    let bodyBytes: Int
    private let folder: TemporaryFolder

    init(_ count: Int, secret: String) throws(Failure) {
        var lines: [UInt8] = []
        var size = 0
        for number in 0..<count {
            let body = Array(Self.body(number).utf8)
            let signature = MetaText.signature(of: body, secret: secret)
            lines += Array("X-Hub-Signature-256: \(signature)\t".utf8) + body
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

    /// A person answers a message.
    private static func body(_ number: Int) -> String {
        MetaText(
            person: "22890\(100_000 + number)",
            id: "wamid.HBgLMjI4OTA\(1_000_000 + number)VAgASGBQzQTdCNUJDNkQA",
            text: "Oui, gardez-moi un panier s'il vous plaît.",
            context: "wamid.HBgLMjI4OTAwMDAwMDAVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA"
        ).body
    }
}
