/// An HTTP request as API Gateway's HTTP API hands it to a function (payload format 2.0).
package struct HTTPEvent: Equatable, Sendable {
    /// The route that matched, `POST /webhooks/{provider}`, or `$default`.
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
    /// When the host stops waiting. An extension of ours: other hosts say it elsewhere.
    package var deadline: Timestamp?

    package init() {}

    package var method: String { requestContext.http.method }

    /// The body as text, or nil when there is none or it is not UTF-8.
    package var text: String? { body.flatMap { String(validating: $0, as: UTF8.self) } }

    /// The body read as JSON.
    package func json() throws(ContractError) -> JSON {
        guard let body else { throw ContractError("expected a JSON body, the request has none") }
        return try JSONParser.parse(body)
    }
}

/// Where and when a request came in.
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
    /// What an authorizer said, passed on as it came.
    package var authorizer: JSON?
    package var authentication: JSON?

    package init() {}

    /// The request line and its sender.
    package struct HTTP: Equatable, Sendable {
        package var method = "GET"
        package var path = "/"
        package var protocolVersion = "HTTP/1.1"
        package var sourceIp = "127.0.0.1"
        package var userAgent = ""

        package init() {}
    }
}
