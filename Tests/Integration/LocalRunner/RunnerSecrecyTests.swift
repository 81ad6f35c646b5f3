import FunctionContract
import Glibc
import Testing

@Suite("Secrets of the platform", .ownThread)
struct RunnerSecrecyTests {
    private static let secret = "an-owner-that-no-function-may-be"

    @Test("A function cannot read the runner's environment or memory, not even as root")
    func hidden() throws {
        let program = """
            #!/usr/bin/env python3
            import json, os, sys
            def look(file):
                try:
                    with open(f"/proc/{os.getppid()}/{file}", "rb") as opened:
                        return opened.read(100_000).decode(errors="replace")
                except OSError as error:
                    return f"refused: {error.errno}"
            for event in sys.stdin:
                seen = {name: look(name) for name in ("environ", "maps")}
                print(json.dumps({"statusCode": 200, "body": json.dumps(seen)}), flush=True)
            """
        let runner = try Runner(
            try FunctionFolder(SampleFunction("spy", program)),
            environment: ["DATABASE_OWNER_URL": Self.secret]
        )
        defer { runner.end() }
        let seen = try runner.get("/spy/x").json
        // EPERM or EACCES: the system refused.
        for name in ["environ", "maps"] {
            let words = try #require(seen[name]?.string)
            #expect(words == "refused: 13" || words == "refused: 1", "\(name): \(words)")
        }
        // Whoever may look finds names without their values.
        let environment = ProcessTable.environment(of: runner.process.id) ?? ""
        #expect(!environment.contains(Self.secret))
    }

    @Test("A function cannot read the environment or memory of another one, not even as root")
    func hiddenFromOthers() throws {
        let program = """
            #!/usr/bin/env python3
            import json, sys
            def look(pid, file):
                try:
                    with open(f"/proc/{pid}/{file}", "rb") as opened:
                        return opened.read(100_000).decode(errors="replace")
                except OSError as error:
                    return f"refused: {error.errno}"
            for event in sys.stdin:
                pid = json.loads(event)["pathParameters"]["what"]
                seen = {name: look(pid, name) for name in ("environ", "maps")}
                print(json.dumps({"statusCode": 200, "body": json.dumps(seen)}), flush=True)
            """
        let runner = try Runner(try FunctionFolder(SampleFunction("spy", program), .echo))
        defer { runner.end() }
        #expect(try runner.get("/echo/x").status == 200)
        let echo = try #require(runner.instances.first)
        let seen = try runner.get("/spy/\(echo)").json
        for name in ["environ", "maps"] {
            let words = try #require(seen[name]?.string)
            #expect(words == "refused: 13" || words == "refused: 1", "\(name): \(words)")
        }
    }
}
