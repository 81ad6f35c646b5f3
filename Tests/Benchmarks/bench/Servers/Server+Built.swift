import Measurement

// Peers that this package builds or carries.

extension Server {
    /// The HTTP server alone, in C.
    static func bareC(_ program: String) throws(Failure) -> Server {
        let port = try freePort()
        let command = Command(program: program, arguments: ["--port", "\(port)"])
        return try Server(command, port: port, in: TemporaryFolder())
    }

    /// The shape of local-runner in C, with four of the same children.
    static func pipeC(_ program: String, child: String) throws(Failure) -> Server {
        let port = try freePort()
        let arguments = ["--port", "\(port)", "--child", child, "--children", "4"]
        let command = Command(program: program, arguments: arguments)
        return try Server(command, port: port, in: TemporaryFolder())
    }

    /// `node:http` alone.
    static func node(_ program: String, script: String) throws(Failure) -> Server {
        let port = try freePort()
        let command = Command(program: program, arguments: [script, "\(port)"])
        return try Server(command, port: port, in: TemporaryFolder())
    }
}
