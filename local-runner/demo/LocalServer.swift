import FunctionContract
import HTTPClient
import Networks

/// A local server that answers in JSON.
struct LocalServer {
    let address: String
    /// The path of its Unix socket, if it listens on one.
    var socket: String?
    private let client = HTTPClient(egress: .loopback)

    init(_ address: String, socket: String? = nil) {
        self.address = address
        self.socket = socket
    }

    /// Nil when there is no answer.
    func ask(
        _ method: OutboundRequest.Method,
        _ path: String,
        headers: HTTPFields = [:],
        _ body: JSON? = nil
    ) throws(DemoError) -> JSON? {
        var request = OutboundRequest(method, address + path, headers: headers)
        request.unixSocket = socket
        if let body {
            request.headers["content-type"] = "application/json"
            request.body = body.bytes
        }
        guard case .response(let response) = client.send(request) else { return nil }
        let json = (try? JSONParser.parse(response.body)) ?? .null
        guard response.status < 400 else {
            let message = json["error"]?["message"]?.string ?? "status \(response.status)"
            throw DemoError("\(address)\(path): \(message)")
        }
        return json
    }
}

/// The platform that runs the campaign.
struct LocalPlatform {
    private let server: LocalServer
    /// The server for operator requests.
    private let operators: LocalServer
    private let headers: HTTPFields

    /// Operator requests go through the socket if there is one, otherwise through the public port
    /// with the token.
    init(_ address: String, operatorSocket: String?, token: String?) {
        server = LocalServer(address)
        operators = LocalServer(address, socket: operatorSocket)
        headers = token.map { ["authorization": "Bearer \($0)"] } ?? [:]
    }

    func checkIsReady() throws(DemoError) {
        guard try server.ask(.get, "/_ready") == nil else { return }
        throw DemoError(
            "the platform does not answer at \(server.address): start it with infra/up, or say "
                + "where it is with --platform"
        )
    }

    /// Calls `send-batch` at once, as the queue `send` would.
    func wakeSenders() throws(DemoError) {
        var event = CloudEvent(id: "demo", source: "local-runner-demo", type: CloudEvent.queueReady)
        event.subject = "send"
        event.data = ["queue": "send"]
        let body = try? JSONParser.parse(Event.cloud(event).bytes)
        var headers = headers
        headers["x-invoke-type"] = "event"
        _ = try operators.ask(.post, "/_invoke/send-batch", headers: headers, body)
    }
}
