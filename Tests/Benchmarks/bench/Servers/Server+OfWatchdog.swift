import Measurement

// OpenFaaS of-watchdog. Its metrics port is fixed, so only one can run at a time.

extension Server {
    /// One process for each request: body on stdin, answer on stdout.
    static func ofWatchdog(_ program: String, forking function: String) throws(Failure) -> Server {
        try ofWatchdog(program, ["mode": "serializing", "fprocess": function])
    }

    /// A proxy in front of an HTTP server that it starts.
    static func ofWatchdog(_ program: String, upstream: String) throws(Failure) -> Server {
        let port = try freePort()
        return try ofWatchdog(
            program,
            [
                "mode": "http", "fprocess": "\(upstream) --port \(port)",
                "upstream_url": "http://127.0.0.1:\(port)",
            ]
        )
    }

    private static func ofWatchdog(
        _ program: String,
        _ settings: [String: String]
    ) throws(Failure) -> Server {
        let port = try freePort()
        let folder = try TemporaryFolder()
        var environment = settings
        environment["port"] = "\(port)"
        environment["TMPDIR"] = folder.path
        environment["healthcheck_interval"] = "1ms"
        let command = Command(program: program, environment: environment)
        return try Server(command, port: port, in: folder)
    }
}
