/// A process from its start to its end, for tests that only look at what it left behind.
struct FinishedProcess {
    let exit: ChildProcess.Exit
    let output: [UInt8]
    let errorOutput: [UInt8]

    init(
        running path: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        input: [UInt8] = [],
        within limit: Duration = .seconds(180)
    ) throws {
        let process = try ChildProcess(path, arguments, environment: environment)
        defer { process.end() }
        process.feed(input)
        process.closeInput()
        output = try process.everything(of: 1, within: limit)
        errorOutput = try process.everything(of: 2, within: limit)
        exit = try process.waitForExit(within: limit)
    }

    var outputText: String { String(decoding: output, as: UTF8.self) }
    var errorText: String { String(decoding: errorOutput, as: UTF8.self) }
}
