import FunctionContract
import Testing

/// One way of calling a function, with what it makes of the reply brought into one shape.
enum HostUnderTest: CaseIterable {
    case oneShot, stream, lambda, actionLoop, watchdog

    /// An answer as far as every host carries it.
    struct Answer: Equatable {
        var status: Int?
        var headers: [String: String]?
        var cookies: [String]?
        var body: [UInt8] = []
        var failure: String?

        /// What is left of this answer behind a watchdog in fork mode: a body and an exit code.
        var behindWatchdog: Answer {
            let isBroken = failure != nil || !(200..<300).contains(status ?? 0)
            return Answer(status: isBroken ? 500 : 200, body: body, failure: failure)
        }
    }

    /// What `function` answers to `event`, with `environment` beside what the host sets.
    func answer(
        _ function: String,
        _ event: HTTPEvent,
        _ environment: [String: String] = [:]
    ) throws -> Answer {
        switch self {
        case .oneShot: try oneShot(function, event, environment)
        case .stream: try stream(function, event, environment)
        case .lambda: try lambda(function, event, environment)
        case .actionLoop: try actionLoop(function, event, environment)
        case .watchdog: try watchdog(function, event, environment)
        }
    }

    private func oneShot(
        _ function: String,
        _ event: HTTPEvent,
        _ environment: [String: String]
    ) throws -> Answer {
        let process = try FinishedProcess(calling: function, event.text, environment: environment)
        let answer = Answer(try Reply.decodeHTTP(process.output))
        #expect(process.exit == .code(answer.failure == nil ? 0 : 1))
        return answer
    }

    private func stream(
        _ function: String,
        _ event: HTTPEvent,
        _ environment: [String: String]
    ) throws -> Answer {
        let process = try ChildProcess.stream(function, environment)
        defer { process.end() }
        return Answer(try Reply.decodeHTTP(try process.call(event.text).bytes))
    }

    private func lambda(
        _ function: String,
        _ event: HTTPEvent,
        _ environment: [String: String]
    ) throws -> Answer {
        let api = try ScriptedRuntimeAPI(function, environment: environment)
        defer { api.end() }
        _ = try api.call()
        try api.deliver(event.text)
        let call = try api.call()
        guard call.name == "error" else { return Answer(try Reply.decodeHTTP(call.body)) }
        return Answer(failure: call.json["errorType"]?.string)
    }

    private func actionLoop(
        _ function: String,
        _ event: HTTPEvent,
        _ environment: [String: String]
    ) throws -> Answer {
        let proxy = try ActionLoopProxy(function, environment: environment)
        defer { proxy.end() }
        return try Answer(actionResult: try proxy.run(event.webAction))
    }

    private func watchdog(
        _ function: String,
        _ event: HTTPEvent,
        _ environment: [String: String]
    ) throws -> Answer {
        let process = try FinishedProcess(
            running: try BuiltProduct.path(function),
            environment: event.watchdogEnvironment.merging(environment) { $1 },
            input: event.body ?? []
        )
        let status = process.exit == .code(0) ? 200 : 500
        let failure = (try? JSONParser.parse(process.output))?["errorType"]?.string
        return Answer(status: status, body: failure == nil ? process.output : [], failure: failure)
    }
}

extension HostUnderTest.Answer {
    fileprivate init(_ reply: Reply) {
        switch reply {
        case .http(let reply):
            status = reply.statusCode
            headers = Dictionary(reply.headers.fields.map { ($0.name, $0.value) }) { $1 }
            cookies = reply.cookies
            body = reply.body
        case .batch: break
        case .failure(let failure): self.failure = failure.type
        }
    }

    /// Reads a result as OpenWhisk's controller does: bodies that are no text are base64.
    fileprivate init(actionResult result: JSON) throws {
        if let error = result["error"]?.string {
            failure = error.split(separator: ":").first.map(String.init)
            return
        }
        status = result["statusCode"]?.integer
        cookies = (result["headers"]?["set-cookie"]?.array ?? []).compactMap(\.string)
        var headers: [String: String] = [:]
        for member in result["headers"]?.object?.members ?? [] where member.name != "set-cookie" {
            headers[member.name] = member.value.string
        }
        self.headers = headers
        let text = try #require(result["body"]?.string)
        let isBinary = headers["content-type"] == "application/octet-stream"
        body = isBinary ? try #require(Base64.decode(text)) : Array(text.utf8)
    }
}

extension HTTPEvent {
    fileprivate var text: String { String(decoding: Event.http(self).bytes, as: UTF8.self) }

    /// The headers with the cookies back among them, as they stood in the request.
    private var requestHeaders: [(name: String, value: String)] {
        let cookie = cookies.isEmpty ? [] : [("cookie", cookies.joined(separator: "; "))]
        return headers.fields + cookie
    }

    fileprivate var webAction: JSON {
        let type = headers["content-type"] ?? ""
        let isText = type.hasPrefix("text/") || type == "application/x-www-form-urlencoded"
        var value = JSONObject([
            ("__ow_method", .string(method.lowercased())), ("__ow_path", .string(rawPath)),
            ("__ow_query", .string(rawQueryString)),
            (
                "__ow_headers",
                .object(JSONObject(requestHeaders.map { ($0.name, .string($0.value)) }))
            ),
        ])
        if let body {
            let text = isText ? String(decoding: body, as: UTF8.self) : Base64.encode(body)
            value["__ow_body"] = .string(text)
        }
        return .object(value)
    }

    fileprivate var watchdogEnvironment: [String: String] {
        // Go has decoded the path when the watchdog takes it.
        let path = PercentEncoding.decode(rawPath)
        var environment = ["Http_Method": method, "Http_Path": path]
        if !rawQueryString.isEmpty { environment["Http_Query"] = rawQueryString }
        for header in requestHeaders {
            let words = header.name.split(separator: "-").map { $0.capitalized }
            environment["Http_\(words.joined(separator: "_"))"] = header.value
        }
        return environment
    }
}

extension Substring {
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
