import FunctionContract

/// The platform's address for webhooks: `http://127.0.0.1:8080`, optionally with a path.
struct WebhookAddress: Equatable {
    /// A numeric address, because the simulator uses no name server.
    let host: String
    let port: UInt16
    /// Without a final slash.
    let path: String

    var url: String { "http://\(host):\(port)\(path)" }

    init?(_ text: String) {
        let scheme = "http://"
        guard text.hasPrefix(scheme) else { return nil }
        let rest = URLPrefix(text).text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !parts[0].isEmpty else { return nil }
        guard let port = parts.count == 2 ? UInt16(parts[1]) : 80, port > 0 else { return nil }
        let host = parts[0] == "localhost" ? "127.0.0.1" : String(parts[0])
        guard host.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) else {
            return nil
        }
        self.host = host
        self.port = port
        self.path = String(path)
    }
}
