import FunctionContract
import Providers

/// A webhook on its way: what is sent, and how often it was tried.
final class Posting {
    let account: Account
    let body: [UInt8]
    /// Called once, when the first try has ended, however it did.
    var onFirstTry: (() -> Void)?
    private(set) var tries = 0
    private let headers: [(name: String, value: String)]

    init(_ body: [UInt8], of account: Account, _ headers: [(name: String, value: String)]) {
        self.account = account
        self.body = body
        self.headers = headers
    }

    func didTry() {
        tries += 1
        let onFirstTry = onFirstTry
        self.onFirstTry = nil
        onFirstTry?()
    }

    /// The request but for its body.
    func head(to address: WebhookAddress) -> [UInt8] {
        var text =
            "POST \(address.path)\(path) HTTP/1.1\r\nHost: \(address.host):\(address.port)\r\n"
        text += "User-Agent: provider-simulator/\(productVersion)\r\n"
        text += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        return Array((text + "\r\n").utf8)
    }

    private var path: String {
        let channel = PercentEncoding.encode(account.channel)
        let path = "/webhooks/\(account.provider.rawValue)/\(channel)"
        guard let secret = account.addressSecret else { return path }
        return path + "?secret=" + PercentEncoding.encode(secret)
    }
}
