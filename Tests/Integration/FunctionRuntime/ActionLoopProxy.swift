import FunctionContract
import Testing

/// OpenWhisk's side of the ActionLoop: a replaced environment, an acknowledgement, then one line
/// in and one line on descriptor 3 for every activation.
final class ActionLoopProxy {
    let process: ChildProcess
    private var activations = 0

    /// `environment` stands beside what the proxy sets: there is nothing else, not even a PATH.
    init(
        _ function: String,
        environment: [String: String] = [:],
        waitsForAcknowledgement: Bool = true
    ) throws {
        var variables = ["__OW_EXECUTION_ENV": "openwhisk/action-swift", "__OW_PROXY_VERSION": "1"]
        if waitsForAcknowledgement { variables["__OW_WAIT_FOR_ACK"] = "1" }
        process = try ChildProcess(
            try BuiltProduct.path(function),
            environment: variables.merging(environment) { $1 },
            outputs: [1, 2, 3]
        )
        guard waitsForAcknowledgement else { return }
        let acknowledgement = try process.line(of: 3)
        try #require(acknowledgement == Array(#"{"ok":true}"#.utf8), "no acknowledgement")
    }

    func end() { process.end() }

    /// Runs one activation with `value`, and `fields` beside it.
    func run(_ value: JSON, _ fields: JSONObject = JSONObject()) throws -> JSON {
        activations += 1
        var activation = JSONObject([
            ("value", value), ("namespace", "guest"), ("action_name", "/guest/function"),
            ("api_host", "https://api"), ("activation_id", .string("activation-\(activations)")),
            ("deadline", "4102444800000"),
        ])
        for field in fields.members { activation[field.name] = field.value }
        return try send(JSON.object(activation).text)
    }

    func send(_ line: String) throws -> JSON {
        process.feed(line + "\n")
        return try JSONParser.parse(try #require(try process.line(of: 3), "no result"))
    }
}
