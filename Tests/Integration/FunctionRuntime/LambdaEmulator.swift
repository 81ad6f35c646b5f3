import FunctionContract
import Glibc

/// AWS's own emulator of Lambda around one function. It takes one request at a time.
final class LambdaEmulator {
    private let process: ChildProcess
    private let port: UInt16

    init(
        _ function: String,
        timeoutSeconds: Int = 120,
        environment: [String: String] = [:]
    ) throws {
        let emulator = try BuiltProduct.tool("aws-lambda-rie")
        let function = try BuiltProduct.path(function)
        let ports = try SilentPort.numbers(2)
        port = ports[0]
        process = try ChildProcess(
            emulator,
            [
                "--runtime-interface-emulator-address", "127.0.0.1:\(ports[0])",
                "--runtime-api-address", "127.0.0.1:\(ports[1])", function,
            ],
            environment: environment.merging(["AWS_LAMBDA_FUNCTION_TIMEOUT": "\(timeoutSeconds)"]) {
                $1
            }
        )
        // A call that comes before the inner side listens is answered with nothing.
        for port in ports { try process.wait("port \(port)") { TCPConnection(to: port) } }
    }

    /// Lets the emulator end its function, which runs in a group of its own.
    func end() {
        process.send(SIGTERM)
        _ = try? process.waitForExit()
        process.end()
    }

    func invoke(_ event: String) throws -> (status: Int, body: JSON) {
        let answer = try send(Array(event.utf8))
        return (answer.status, try JSONParser.parse(answer.body))
    }

    func send(_ event: [UInt8]) throws -> (status: Int, body: [UInt8]) {
        guard let connection = TCPConnection(to: port) else { throw SystemCallFailed("connect") }
        // HTTP/1.0: the answer ends with the connection, and comes without chunks.
        let head = """
            POST /2015-03-31/functions/function/invocations HTTP/1.0\r
            content-length: \(event.count)\r
            \r

            """
        try connection.send(Array(head.utf8) + event)
        let status = try connection.line()?.split(separator: " ").dropFirst().first
        while let line = try connection.line(), !line.isEmpty {}
        return (status.flatMap { Int($0) } ?? 0, try connection.bytesToEnd())
    }

    /// Waits for so many log lines of the function for which `condition` holds. The emulator passes
    /// them on among its own, in its own time.
    func log(_ count: Int, where condition: (JSON) -> Bool) throws -> [JSON] {
        try process.wait("\(count) log lines") {
            let lines = process.received(of: 1).split(separator: UInt8(ascii: "\n"))
                .filter { $0.first == UInt8(ascii: "{") }
                .compactMap { try? JSONParser.parse(Array($0)) }.filter(condition)
            return lines.count >= count ? lines : nil
        }
    }
}
