package import FunctionContract

/// One HTTP request to send. It has its own limits, so no call can wait for ever.
package struct OutboundRequest: Sendable, Equatable {
    package enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    package var method: Method
    package var url: String
    package var headers: HTTPFields
    package var body: [UInt8]
    package var limits: OutboundLimits
    /// Offers gzip, brotli and zstd to the server. The response body is decoded.
    package var acceptsCompression = false
    /// Connects to this Unix socket; `url` then only provides the Host header and the path.
    package var unixSocket: String?

    package init(
        _ method: Method,
        _ url: String,
        headers: HTTPFields = [:],
        body: [UInt8] = [],
        limits: OutboundLimits = OutboundLimits()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.limits = limits
    }
}

/// The limits of one exchange: total time, lowest speed and size.
package struct OutboundLimits: Sendable, Equatable {
    /// Time for name resolution, TCP and TLS together.
    package var connect: Duration = .seconds(5)
    /// Time for the whole exchange, connecting included.
    package var total: Duration = .seconds(30)
    /// A transfer that stays below this speed for `slowness` fails; 0 allows any speed.
    package var slowestBytesPerSecond = 1
    package var slowness: Duration = .seconds(15)
    package var responseHeaderBytes = 64 << 10
    package var responseBodyBytes = 6 << 20

    package init() {}
}
