/// A complete response: all announced bytes have arrived.
package struct OutboundResponse: Sendable, Equatable {
    package let status: Int
    package let headers: [OutboundHeader]
    package let body: [UInt8]

    package init(status: Int, headers: [OutboundHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value of the header with this name, ignoring case.
    package func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }
}
