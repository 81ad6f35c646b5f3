import Testing

/// What the README shows to newcomers works as it stands there.
@Suite(.ownThread)
struct ReadmeTests {
    @Test("The sh function of the README answers without a build")
    func helloInShell() throws {
        let guide = try Guide("README.md")
        let project = try FunctionFolder(
            SampleFunction("hello-sh", manifest: try guide.code(after: "The same in sh"))
        )
        let script = try guide.code(after: "`functions/hello-sh/hello.sh`")
        try project.write(script, to: "functions/hello-sh/hello.sh", isExecutable: true)
        let runner = try Runner(project)
        defer { runner.end() }
        for _ in 0..<2 {
            let answer = try runner.get("/api/hello-sh")
            #expect(answer.status == 200)
            #expect(answer.text == "hello from sh\n")
        }
    }

    @Test("Every function and every command is listed")
    func complete() throws {
        let text = try Guide("README.md").text
        let folders = try FinishedProcess(
            running: "/bin/ls",
            [BuiltProduct.packageRoot + "/functions"]
        ).outputText.split(separator: "\n")
        #expect(!folders.isEmpty)
        for function in folders { #expect(text.contains("| `\(function)` |"), "\(function)") }
        let help = try CommandRun(["--help"], in: try FunctionFolder()).output
        let commands = help.split(separator: "\n").filter { $0.hasPrefix("  ") }
            .compactMap { $0.split(separator: " ").first }
        #expect(commands.count > 10)
        for command in commands { #expect(text.contains("local-runner \(command) "), "\(command)") }
    }
}
