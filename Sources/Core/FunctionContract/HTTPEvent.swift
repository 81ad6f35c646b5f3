/// An HTTP request in the form of API Gateway's HTTP API (payload format 2.0).
package struct HTTPEvent: Equatable, Sendable {
    /// The key of the matching route, such as `POST /webhooks/{provider}`, or `$default`.
    package var routeKey = "$default"
    package var rawPath = "/"
    package var rawQueryString = ""
    package var cookies: [String] = []
    package var headers = HTTPFields()
    package var queryStringParameters: [String: String] = [:]
    package var pathParameters: [String: String] = [:]
    package var stageVariables: [String: String] = [:]
    package var requestContext = RequestContext()
    /// The exact bytes received; nil when the request had no body.
    package var body: [UInt8]?
    /// When the host stops waiting. This is our extension: other hosts pass it elsewhere.
    package var deadline: Timestamp?

    package init() {}

    package var method: String { requestContext.http.method }

    /// The body as text; nil without a body or when it is not UTF-8.
    package var text: String? { body.flatMap { String(validating: $0, as: UTF8.self) } }

    /// Parses the body as JSON.
    package func json() throws(ContractError) -> JSON {
        guard let body else { throw ContractError("expected a JSON body, the request has none") }
        return try JSONParser.parse(body)
    }
}

/// The context of a request: its host, stage, id, time and sender.
package struct RequestContext: Equatable, Sendable {
    package var accountId = "relais"
    package var apiId = "local"
    package var domainName = "localhost"
    package var domainPrefix = "localhost"
    package var stage = "$default"
    package var requestId = ""
    package var routeKey = "$default"
    package var time = Timestamp(milliseconds: 0)
    package var http = HTTP()
    /// The result of an authorizer, unchanged.
    package var authorizer: JSON?
    package var authentication: JSON?

    package init() {}

    /// The request line, and the client that sent it.
    package struct HTTP: Equatable, Sendable {
        package var method = "GET"
        package var path = "/"
        package var protocolVersion = "HTTP/1.1"
        package var sourceIp = "127.0.0.1"
        package var userAgent = ""

        package init() {}
    }
}
