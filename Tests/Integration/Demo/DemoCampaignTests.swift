import FunctionContract
import Testing

@Suite("The demo", .ownThread)
struct DemoCampaignTests {
    @Test(
        "A campaign passes through every process, and the database matches the ledger",
        arguments: ["meta", "twilio"]
    )
    func campaign(provider: String) throws {
        let stage = try DemoStage()
        defer { stage.end() }
        let demo = try stage.demo("--contacts", "50", "--seed", "7", "--provider", provider)
        #expect(demo.exit == .code(0))
        #expect(demo.output.contains("  Message 1  50 sent"), "\(demo.output)")
        #expect(demo.output.contains(", 0 twice"), "\(demo.output)")
    }
}

/// The platform, with the functions of the project, and the simulator that plays its provider.
private final class DemoStage {
    private let runner: Runner
    private let simulator: ChildProcess
    private let simulatorPort: Int
    private let environment: [String: String]

    init() throws {
        environment = [
            "DATABASE_URL": try PlatformDatabase().url, "RELAIS_MASTER_KEYS": Tenant.masterKeys,
            "RELAIS_ALLOWED_NETWORKS": "127.0.0.0/8",
        ]
        let functions = ["send-batch", "inbound-webhook", "process-inbound"]
        runner = try Runner(
            try FunctionFolder(),
            ["--functions", BuiltProduct.packageRoot + "/functions"]
                + functions.flatMap { ["--only", $0] },
            environment: environment
        )
        simulator = try ChildProcess(
            BuiltProduct.path("provider-simulator"),
            [
                "--port", "0", "--quiet", "--seed", "7", "--scenario", "perfect",
                "--webhook-base", "http://127.0.0.1:\(runner.port)",
            ]
        )
        let line = try #require(try simulator.line(of: 2))
        simulatorPort = try #require(try JSONParser.parse(line)["port"]?.integer)
    }

    func end() {
        simulator.end()
        runner.end()
    }

    func demo(_ words: String...) throws -> (exit: ChildProcess.Exit, output: String) {
        let demo = try ChildProcess(
            BuiltProduct.path("local-runner"),
            [
                "demo", "campaign", "--platform", "http://127.0.0.1:\(runner.port)",
                "--simulator", "http://127.0.0.1:\(simulatorPort)",
            ] + words,
            environment: environment.merging([
                "RELAIS_OPERATOR_SOCKET": runner.operatorSocket
            ]) { own, _ in own }
        )
        defer { demo.end() }
        // Waiting for the demonstration is reading the platform's log: nobody else does.
        let exit = try runner.wait("end of the demonstration", within: .seconds(300)) { demo.exit }
        let output = try demo.everything(of: 1) + demo.everything(of: 2)
        return (exit, String(decoding: output, as: UTF8.self))
    }
}
