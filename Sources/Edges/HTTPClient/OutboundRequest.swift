/// One HTTP request to send. It carries its own limits, so that no call can wait for ever.
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
    package var headers: [OutboundHeader]
    package var body: [UInt8]
    package var limits: OutboundLimits
    /// Offers gzip, brotli and zstd; the body that arrives is already decoded.
    package var acceptsCompression = false
    /// Goes to this Unix socket; the host in `url` is then only a name.
    package var unixSocket: String?

    package init(
        _ method: Method,
        _ url: String,
        headers: [OutboundHeader] = [],
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

/// One header line, of a request or of a response.
package struct OutboundHeader: Sendable, Equatable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// The limits of one exchange: time, slowness and size.
package struct OutboundLimits: Sendable, Equatable {
    /// Name look-up, TCP and TLS together.
    package var connect: Duration = .seconds(5)
    /// The whole exchange, connecting included.
    package var total: Duration = .seconds(30)
    /// A transfer below this speed for `slowness` is given up; 0 never gives up.
    package var slowestBytesPerSecond = 1
    package var slowness: Duration = .seconds(15)
    package var responseHeaderBytes = 64 << 10
    package var responseBodyBytes = 6 << 20

    package init() {}
}
