/// A complete response: every byte that the server announced has arrived.
package struct OutboundResponse: Sendable, Equatable {
    package let status: Int
    package let headers: [OutboundHeader]
    package let body: [UInt8]

    package init(status: Int, headers: [OutboundHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value under that name, whatever its case.
    package func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }
}
