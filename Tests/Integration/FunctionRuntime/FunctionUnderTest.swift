import FunctionContract
import Testing

extension ChildProcess {
    /// Starts a function that answers one event a line.
    static func stream(
        _ function: String,
        _ environment: [String: String] = [:]
    ) throws
        -> ChildProcess
    {
        try ChildProcess(
            try BuiltProduct.path(function),
            environment: environment.merging(["FUNCTION_STREAM": "1"]) { _, stream in stream }
        )
    }

    /// Feeds one event and takes one reply.
    func call(_ event: String) throws -> JSON {
        feed(event + "\n")
        return try JSONParser.parse(try #require(try line(), "the process has ended"))
    }
}

extension FinishedProcess {
    /// Calls a function with one event.
    init(
        calling function: String,
        _ event: String,
        environment: [String: String] = [:]
    ) throws {
        try self.init(
            running: try BuiltProduct.path(function),
            environment: environment,
            input: Array(event.utf8)
        )
    }

    /// The one reply on stdout.
    func reply() throws -> JSON { try JSONParser.parse(output) }

    func logEntries() throws -> [JSON] { try FunctionUnderTest.logEntries(errorOutput) }
}

/// What functions write beside their replies.
enum FunctionUnderTest {
    static func logEntries(_ bytes: [UInt8]) throws -> [JSON] {
        try bytes.split(separator: UInt8(ascii: "\n")).map { try JSONParser.parse(Array($0)) }
    }

    /// The event that the function `echo` saw, out of its reply.
    static func echoed(_ reply: JSON) throws -> JSON {
        let body = try #require(reply["body"]?.string, "no body in \(reply.text)")
        return try JSONParser.parse(Array(body.utf8))
    }
}
