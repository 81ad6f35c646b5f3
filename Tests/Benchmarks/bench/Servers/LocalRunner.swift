import Measurement

/// How ours is started: the one place that knows the command line of `local-runner`.
struct LocalRunner {
    let program: String
    /// The folder of function executables.
    let functions: String

    /// Serves one function on `POST /echo`.
    func serve(_ function: Function) throws(Failure) -> Server {
        let folder = try TemporaryFolder()
        try folder.write(function.manifest, to: "functions/\(function.name)/function.json")
        let port = try freePort()
        let command = serve("\(folder.path)/functions", port)
        return try Server(command, port: port, in: folder)
    }

    /// Serves functions of the product, as their manifests in that folder say.
    func serve(
        _ names: [String],
        for tenant: Tenant,
        manifests: String
    ) throws(Failure) -> Server {
        let port = try freePort()
        var command = serve(manifests, port)
        command.arguments += names.flatMap { ["--only", $0] }
        command.environment = tenant.environment
        let path = "/webhooks/meta/\(tenant.channel)"
        return try Server(command, port: port, path: path, in: TemporaryFolder())
    }

    private func serve(_ manifests: String, _ port: Int) -> Command {
        Command(
            program: program,
            arguments: [
                "serve", "--host", "127.0.0.1", "--port", "\(port)", "--functions", manifests,
                "--bin", functions, "--access-log", "off",
            ]
        )
    }

    /// A function for the runner to run.
    struct Function {
        let name: String
        /// What to run instead of the executable of that name.
        var command: [String]?
        /// A new process for each event instead of four that stay.
        var isOneShot = false
        /// Events that an instance may be handed together.
        var batch = 1

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
                .init("max", .number(4)), .init("batch", .number(Double(batch))),
                .init("prewarmed", .number(isOneShot ? 0 : 4)),
            ])
        }
    }
}
