/// One run of `local-runner` in a project, from its start to its end.
struct CommandRun {
    let finished: FinishedProcess

    init(
        _ words: [String],
        in project: FunctionFolder,
        environment: [String: String] = [:],
        input: [UInt8] = []
    ) throws {
        finished = try FinishedProcess(
            running: "/usr/bin/env",
            ["-C", project.path, try BuiltProduct.path("local-runner")] + words,
            environment: environment.merging(["PATH": "/usr/bin:/bin"]) { own, _ in own },
            input: input
        )
    }

    var exit: ChildProcess.Exit { finished.exit }
    var output: String { finished.outputText }
    var complaint: String { finished.errorText }
}
