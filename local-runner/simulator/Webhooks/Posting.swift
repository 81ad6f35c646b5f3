import FunctionContract
import Providers

/// One webhook to deliver, with the count of its attempts.
final class Posting {
    let account: Account
    var body: [UInt8] { notice.body }
    /// Called once, when the first attempt has ended, with or without success.
    var onFirstTry: (() -> Void)?
    private(set) var tries = 0
    /// The headers that authenticate it.
    var headers: [(name: String, value: String)] = []
    private let notice: Notice

    init(_ notice: Notice, of account: Account) {
        self.account = account
        self.notice = notice
    }

    func didTry() {
        tries += 1
        let onFirstTry = onFirstTry
        self.onFirstTry = nil
        onFirstTry?()
    }

    /// The request without its body.
    func head(to address: WebhookAddress) -> [UInt8] {
        var text =
            "POST \(address.path)\(path) HTTP/1.1\r\nHost: \(address.host):\(address.port)\r\n"
        text += "User-Agent: provider-simulator/\(productVersion)\r\n"
        text += "Content-Type: \(notice.contentType)\r\nContent-Length: \(body.count)\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        return Array((text + "\r\n").utf8)
    }

    /// The path on the platform, with its query.
    var path: String {
        let channel = PercentEncoding.encode(account.channel)
        let path = "/webhooks/\(account.provider.rawValue)/\(channel)"
        var query = FormFields()
        if let secret = account.addressSecret { query.add("secret", secret) }
        for pair in notice.query.pairs { query.add(pair.name, pair.value) }
        return query.pairs.isEmpty
            ? path : path + "?" + String(decoding: query.bytes, as: UTF8.self)
    }
}
