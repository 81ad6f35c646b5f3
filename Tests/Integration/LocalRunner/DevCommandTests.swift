import Glibc
import Testing

@Suite("local-runner dev", .ownThread)
struct DevCommandTests {
    /// A function that always answers `text`.
    private static func program(_ text: String) -> String {
        "#!/bin/sh\nwhile read -r event; do echo '{\"statusCode\":200,\"body\":\"\(text)\"}'; done\n"
    }

    private static func function(_ text: String) -> SampleFunction {
        SampleFunction("shop", program(text))
    }

    private func waitFor(_ text: String, from runner: Runner, _ path: String = "/shop/x") throws {
        try runner.waitUntil("\"\(text)\" from \(path)") {
            try runner.get(path).text == text
        }
    }

    @Test("A saved function is served without a restart")
    func edit() throws {
        let project = try FunctionFolder(Self.function("one"))
        let runner = try Runner(project, ["--build", "true"], command: "dev")
        defer { runner.end() }
        #expect(try runner.get("/shop/x").text == "one")
        for text in ["two", "three"] {
            try project.write(
                Self.program(text),
                to: "functions/shop/main",
                isExecutable: true
            )
            try waitFor(text, from: runner)
        }
        #expect(try runner.stop() == .code(0))
    }

    @Test("A request in flight is finished by the instance that has it")
    func editInFlight() throws {
        let project = try FunctionFolder(.desk(#""concurrency": { "max": 1 }"#))
        let runner = try Runner(project, ["--build", "true"], command: "dev")
        defer { runner.end() }
        // As long as the swap takes there is one such request in flight.
        var slow = try runner.begin("/desk/slow")
        let program = Self.program("new")
        try project.write(program, to: "functions/desk/main", isExecutable: true)
        var answers: [String] = []
        try runner.waitUntil("the new program") {
            answers.append(try runner.answer(slow).text)
            slow = try runner.begin("/desk/slow")
            return answers.last == "new"
        }
        #expect(answers.dropLast().allSatisfy { $0 == "slow" })
        #expect(try runner.answer(slow).text == "new")
    }

    @Test("A saved manifest is served without a restart, a wrong one is complained of")
    func manifest() throws {
        let project = try FunctionFolder(Self.function("one"))
        let runner = try Runner(project, ["--build", "true"], command: "dev")
        defer { runner.end() }
        let manifest = """
            {
              "triggers": [{ "http": { "method": "GET", "path": "/store" } }],
              "command": ["./main"]
            }
            """
        try project.write("{", to: "functions/shop/function.json")
        try runner.waitForLog("still serving the build before")
        #expect(try runner.get("/shop/x").text == "one")
        try project.write(manifest, to: "functions/shop/function.json")
        try waitFor("one", from: runner, "/store")
        #expect(try runner.get("/shop/x").status == 404)
    }

    @Test("What is left out is said once, and not again with every build")
    func leftOut() throws {
        let needy = SampleFunction("needy", Self.program("x"), #""environment": ["KEYS"]"#)
        let project = try FunctionFolder(Self.function("one"), needy)
        let runner = try Runner(project, ["--build", "true"], command: "dev")
        defer { runner.end() }
        let program = Self.program("two")
        try project.write(program, to: "functions/shop/main", isExecutable: true)
        try waitFor("two", from: runner)
        #expect(runner.messages.count { $0.hasPrefix("needy is not served") } == 1)
    }

    @Test("Executables on another file system are served as well")
    func otherFileSystem() throws {
        let project = try FunctionFolder(SampleFunction("shop", nil))
        // Memory, and not the disk that holds the project.
        let folder = "/dev/shm/relais-\(UInt32.random(in: .min ... .max))"
        guard unsafe mkdir(folder, 0o755) == 0 else { throw SystemCallFailed("mkdir \(folder)") }
        defer {
            unsafe unlink("\(folder)/shop")
            unsafe rmdir(folder)
        }
        try project.write(Self.program("one"), to: "shop", isExecutable: true)
        _ = try FinishedProcess(running: "/bin/cp", ["\(project.path)/shop", "\(folder)/shop"])
        let options = ["--build", "true", "--bin", folder]
        let runner = try Runner(project, options, command: "dev")
        defer { runner.end() }
        #expect(try runner.get("/shop/x").text == "one")
    }

    @Test("A new function is served without a restart, and watched from then on")
    func newFunction() throws {
        let project = try FunctionFolder(Self.function("one"))
        let runner = try Runner(project, ["--build", "true"], command: "dev")
        defer { runner.end() }
        try project.add(.desk())
        try waitFor("hello", from: runner, "/desk/x")
        let program = Self.program("changed")
        try project.write(program, to: "functions/desk/main", isExecutable: true)
        try waitFor("changed", from: runner, "/desk/x")
    }

    @Test("While the build fails the last one that worked is served")
    func failingBuild() throws {
        let project = try FunctionFolder(SampleFunction("shop", nil))
        try project.makeFolder("Sources")
        try project.makeFolder("bin")
        try project.write(Self.program("one"), to: "Sources/shop", isExecutable: true)
        let build = """
            #!/bin/sh
            if grep -q mistake Sources/shop; then
                rm -f bin/shop
                echo "Sources/shop:1: error: this is a mistake"
                echo "1 of 1 done"
                exit 1
            fi
            cp Sources/shop bin/fresh && mv bin/fresh bin/shop
            """
        try project.write(build, to: "build", isExecutable: true)
        let options = ["--build", "./build", "--bin", "bin"]
        let runner = try Runner(project, options, command: "dev")
        defer { runner.end() }
        #expect(try runner.get("/shop/x").text == "one")
        try project.write("mistake", to: "Sources/shop", isExecutable: true)
        try runner.waitForLog("s; save again to retry")
        let sentence = /the build failed after \d+ s; save again to retry/
        #expect(runner.messages.contains { $0.contains(sentence) })
        #expect(runner.messages.contains("Sources/shop:1: error: this is a mistake"))
        #expect(!runner.messages.contains("1 of 1 done"))
        #expect(try runner.get("/shop/x").text == "one")
        try project.write(Self.program("two"), to: "Sources/shop", isExecutable: true)
        try waitFor("two", from: runner)
    }

    @Test("What is saved while a build runs is built as well")
    func savedDuringBuild() throws {
        let project = try FunctionFolder(SampleFunction("shop", nil))
        try project.makeFolder("Sources")
        try project.makeFolder("bin")
        try project.write(Self.program("0"), to: "Sources/shop", isExecutable: true)
        let build = """
            #!/bin/sh
            cp Sources/shop bin/fresh && mv bin/fresh bin/shop
            sleep 0.15
            """
        try project.write(build, to: "build", isExecutable: true)
        let options = ["--build", "./build", "--bin", "bin"]
        let runner = try Runner(project, options, command: "dev")
        defer { runner.end() }
        // Saved at every point of a build's time, the last save is what counts.
        for pause in stride(from: 0, through: 300, by: 50) {
            try project.write("#", to: "Sources/shop", isExecutable: true)
            try letPass(.milliseconds(pause), runner)
            let text = "saved after \(pause)"
            try project.write(Self.program(text), to: "Sources/shop", isExecutable: true)
            try waitFor(text, from: runner)
        }
    }

    private func letPass(_ time: Duration, _ runner: Runner) throws {
        let end = ContinuousClock.now + time
        try runner.waitUntil("some time") { ContinuousClock.now >= end }
    }

    @Test("Without a first build that works there is nothing to serve")
    func firstBuild() throws {
        let project = try FunctionFolder(.desk())
        let run = try CommandRun(["dev", "--port", "0", "--build", "false"], in: project)
        #expect(run.exit == .code(1))
        #expect(run.complaint.contains(/the build failed after \d+ s/))
        let missing = try CommandRun(["dev", "--port", "0", "--build", "./gone"], in: project)
        #expect(missing.exit != .code(0))
        #expect(missing.complaint.contains("gone"))
    }

    @Test("A signal during the first build ends the build too")
    func interruptedFirstBuild() throws {
        let project = try FunctionFolder(.desk())
        try project.write("#!/bin/sh\nsleep 1000\n", to: "build", isExecutable: true)
        let process = try ChildProcess(
            "/usr/bin/env",
            [
                "-C", project.path, try BuiltProduct.path("local-runner"), "dev", "--build",
                "./build",
            ],
            environment: ["PATH": "/usr/bin:/bin"]
        )
        defer { process.end() }
        let build = try process.wait("build") { ProcessTable.children(of: process.id).first }
        _ = try process.wait("sleep") {
            ProcessTable.members(ofGroup: build).count == 2 ? true : nil
        }
        process.send(SIGINT)
        #expect(try process.waitForExit() != .code(0))
        _ = try process.wait("end of the build") {
            ProcessTable.members(ofGroup: build).isEmpty ? true : nil
        }
    }
}
