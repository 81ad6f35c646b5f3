import FunctionContract
import FunctionRuntime
import Testing

/// `local-runner-store` as the platform runs it: one question a line, one answer a line.
final class StoreProcess {
    let process: ChildProcess

    struct Answer {
        let status: Int
        let json: JSON

        var message: String { json["error"]?["message"]?.string ?? "" }
    }

    init(_ url: String, environment: [String: String] = [:]) throws {
        let own = ["FUNCTION_STREAM": "1", "DATABASE_URL": url, "PATH": "/usr/bin:/bin"]
        process = try ChildProcess(
            BuiltProduct.path("local-runner-store"),
            environment: own.merging(environment) { _, given in given }
        )
    }

    deinit { process.end() }

    func ask(_ method: String, _ path: String, _ body: JSON = .null) throws -> Answer {
        try ask(method, path, body: body.isNull ? [] : body.bytes)
    }

    func ask(
        _ method: String,
        _ path: String,
        body: [UInt8],
        within limit: Duration = .seconds(120)
    ) throws -> Answer {
        begin(method, path, body: body, within: limit)
        return try answer()
    }

    /// Asks without waiting.
    func begin(
        _ method: String,
        _ path: String,
        body: [UInt8] = [],
        within limit: Duration = .seconds(120)
    ) {
        let parts = path.split(separator: "?", maxSplits: 1)
        var event = HTTPEvent()
        event.rawPath = String(parts[0])
        event.rawQueryString = parts.count > 1 ? String(parts[1]) : ""
        event.requestContext.http.method = method
        event.requestContext.http.path = event.rawPath
        event.body = body.isEmpty ? nil : body
        let end = Timestamp.now.milliseconds + Int64(limit / .milliseconds(1))
        event.deadline = Timestamp(milliseconds: end)
        process.feed(Event.http(event).bytes + [0x0A])
    }

    func answer() throws -> Answer {
        let line = try #require(try process.line(), "the store ended")
        guard case .http(let reply) = try Reply.decodeHTTP(line) else {
            throw ChildProcess.TimedOut(
                description: "no answer: \(String(decoding: line.prefix(300), as: UTF8.self))"
            )
        }
        let json = (try? JSONParser.parse(reply.body)) ?? .null
        return Answer(status: reply.statusCode, json: json)
    }
}
