import Measurement

/// How ours is started: the one place that knows the command line of `local-runner`.
struct LocalRunner {
    let program: String
    /// The folder of function executables.
    let functions: String

    /// Serves one function on `POST /echo`.
    func serve(_ function: Function) throws(Failure) -> Server {
        let folder = try TemporaryFolder()
        let port = try freePort()
        try folder.write(function.manifest, to: "functions/\(function.name)/function.json")
        let command = Command(
            program: program,
            arguments: [
                "serve", "--host", "127.0.0.1", "--port", "\(port)",
                "--functions", "\(folder.path)/functions", "--bin", functions,
                "--access-log", "off",
            ]
        )
        return try Server(command, port: port, in: folder)
    }

    /// A function for the runner to run.
    struct Function {
        let name: String
        /// What to run instead of the executable of that name.
        var command: [String]?
        /// A new process for each event instead of four that stay.
        var isOneShot = false

        fileprivate var manifest: String {
            var members: [JSONValue.Member] = [
                .init("description", .string("Answers what it was sent.")),
                .init("triggers", .array([.object([.init("http", Self.route)])])),
                .init("timeoutSeconds", .number(10)),
                .init("memoryMegabytes", .number(128)),
                .init("concurrency", concurrency),
                .init("environment", .array([])),
            ]
            if isOneShot { members.append(.init("framing", .string("one-shot"))) }
            if let command {
                members.append(.init("command", .array(command.map(JSONValue.string))))
            }
            return JSONValue.object(members).text
        }

        private static let route = JSONValue.object([
            .init("method", .string("POST")), .init("path", .string("/echo")),
        ])

        private var concurrency: JSONValue {
            .object([
                .init("max", .number(4)), .init("prewarmed", .number(isOneShot ? 0 : 4)),
            ])
        }
    }
}
