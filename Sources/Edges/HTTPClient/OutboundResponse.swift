package import FunctionContract

/// A complete response: all announced bytes have arrived.
package struct OutboundResponse: Sendable, Equatable {
    package let status: Int
    package let headers: HTTPFields
    package let body: [UInt8]

    package init(status: Int, headers: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
