import Measurement

/// Peers that are written in Python: their packages, pinned by `requirements.txt`, are installed
/// into `.local/benchmarks` when a full run first needs them.
struct PythonPeers {
    private static let installLimit = Duration.seconds(600)

    let installation: Installation

    private var environment: String { "\(installation.package)/.local/benchmarks/venv" }
    private var python: String { "\(environment)/bin/python" }
    private var sources: String { "\(installation.package)/Tests/Benchmarks/peers/python" }

    /// A Python process that finds the modules of `peers/python`.
    func program(_ arguments: [String], environment: [String: String]) -> Command {
        var environment = environment
        environment["PYTHONPATH"] = sources
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        return Command(program: python, arguments: arguments, environment: environment)
    }

    /// Installs the packages, unless these versions of them are there.
    func install() throws(Failure) {
        let requirements = "\(sources)/requirements.txt"
        // Inside, so that it is there only when all of the folder is.
        let installed = "\(environment)/requirements.txt"
        let wanted = try contents(of: requirements)
        guard (try? contents(of: installed)) != wanted else { return }
        guard let python3 = installation.installed("python3") else {
            throw Failure("python3 is not installed. Run: infra/bootstrap --with bench")
        }
        try run(python3, "-m", "venv", "--clear", environment)
        try run(python, "-m", "pip", "install", "--quiet", "--requirement", requirements)
        try writeFile(installed, wanted)
    }

    private func run(_ program: String, _ arguments: String...) throws(Failure) {
        let command = Command(program: program, arguments: arguments)
        _ = try command.output(within: Self.installLimit)
    }
}
