private import FunctionContract
package import HTTPClient
package import Providers

// Converts between provider adapters, which do no I/O, and the HTTP client.

extension OutboundRequest {
    /// The HTTP request for an adapter's request. The whole exchange may take `limit`.
    package init(_ request: ProviderRequest, within limit: Duration) {
        self.init(
            Method(request.method),
            request.url,
            headers: request.headers,
            body: request.body ?? []
        )
        limits.total = limit
    }
}

extension OutboundRequest.Method {
    fileprivate init(_ method: ProviderRequest.Method) {
        self =
            switch method {
            case .get: .get
            case .post: .post
            case .put: .put
            case .delete: .delete
            }
    }
}

extension TransportResult {
    /// The HTTP client's outcome in the form that adapters read.
    package init(_ outcome: OutboundOutcome) {
        switch outcome {
        case .notSent(let failure): self = .notSent(failure.message)
        case .unknown(let failure): self = .lost(failure.message)
        case .response(let response):
            self = .reply(
                ProviderReply(
                    status: response.status,
                    headers: response.headers,
                    body: response.body
                )
            )
        }
    }
}
