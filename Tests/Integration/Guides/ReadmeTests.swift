import Testing

/// What the README shows to newcomers works as it stands there.
@Suite(.timeLimit(.minutes(10)))
struct ReadmeTests {
    @Test("The function in sh answers, without any build")
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
}
