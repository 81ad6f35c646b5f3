import EventLoop
import FunctionContract
import HTTPServer

/// A request for a function. It is written as an event when an instance takes it, straight from the
/// received bytes, without an intermediate object.
struct RequestEvent {
    let pending: Gateway.Pending
    let routeKey: String
    let parameters: [String: String]
    /// The trace that starts here; nil when the request belongs to a trace already.
    let traceparent: String?
    let time: Timestamp

    var requestID: String { pending.requestID }
    var bodyCount: Int { exchange.request.body.count }
    private var exchange: HTTPExchange { pending.exchange }

    func encode(into writer: inout JSONWriter, due deadline: Timestamp) {
        var event = HTTPEvent()
        event.routeKey = routeKey
        event.rawPath = pending.path
        let query = exchange.request.query
        if !query.isEmpty {
            event.rawQueryString = query
            event.queryStringParameters = HTTPEvent.parameters(ofQuery: query)
        }
        event.pathParameters = parameters
        event.cookies = cookies
        event.body = bodyCount == 0 ? nil : exchange.request.body
        event.deadline = deadline
        fill(&event.requestContext)
        event.encode(into: &writer) { encodeHeaders(into: &$0) }
    }
}

// MARK: - Headers

extension RequestEvent {
    /// Cookies are a separate member of the event, as in API Gateway.
    private var cookies: [String] {
        exchange.request.headers.values(of: "cookie").flatMap { value in
            value.split(separator: ";").map { String($0.drop { $0 == " " }) }
        }
    }

    private func encodeHeaders(into writer: inout JSONWriter) {
        let headers = exchange.request.headers
        if headers.repeatsNames {
            HTTPFields(headers.filter { $0.name != "cookie" }).encode(into: &writer)
        } else {
            headers.forEachField(except: "cookie") { writer.header($0, $1) }
        }
        if let traceparent { writer.member("traceparent", traceparent) }
    }
}

// MARK: - Context

extension RequestEvent {
    private func fill(_ context: inout RequestContext) {
        let exchange = exchange
        let host = exchange.request.headers["host"] ?? "localhost"
        // An IPv6 address is in brackets and contains colons.
        context.domainName =
            host.utf8.first == UInt8(ascii: "[")
            ? prefix(of: host, before: UInt8(ascii: "]")) + "]"
            : prefix(of: host, before: UInt8(ascii: ":"))
        context.domainPrefix = prefix(of: context.domainName, before: UInt8(ascii: "."))
        context.requestId = requestID
        context.routeKey = routeKey
        context.time = time
        context.http.method = exchange.request.method
        context.http.path = pending.path
        context.http.protocolVersion = exchange.request.isHTTP10 ? "HTTP/1.0" : "HTTP/1.1"
        context.http.sourceIp = exchange.request.peer?.host ?? "127.0.0.1"
        context.http.userAgent = exchange.request.headers["user-agent"] ?? ""
    }

    private func prefix(of text: String, before end: UInt8) -> String {
        let bytes = text.utf8.span
        for index in bytes.indices where bytes[index] == end {
            return String(decoding: text.utf8.prefix(index), as: UTF8.self)
        }
        return text
    }
}
