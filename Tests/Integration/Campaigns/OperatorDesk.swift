import FunctionContract
import Testing

/// Where somebody calls `local-runner campaigns`.
struct OperatorDesk {
    private let project: FunctionFolder
    private let url: String

    init(_ database: MessagingDatabase) throws {
        project = try FunctionFolder()
        url = database.url
    }

    func run(_ words: String, database: String? = nil) throws -> CommandRun {
        try CommandRun(
            ["campaigns"] + words.split(separator: " ").map(String.init),
            in: project,
            environment: ["DATABASE_URL": database ?? url]
        )
    }

    func json(_ words: String) throws -> JSON {
        let run = try run(words + " --json")
        #expect(run.exit == .code(0), "\(run.complaint)")
        return try JSONParser.parse(Array(run.output.utf8))
    }

    func expectRefusal(
        _ words: String,
        _ sentence: String,
        code: Int32 = 1,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let run = try run(words)
        #expect(run.exit == .code(code), sourceLocation: sourceLocation)
        #expect(run.output.isEmpty, sourceLocation: sourceLocation)
        #expect(
            run.complaint.hasPrefix("local-runner: " + sentence),
            "\(run.complaint)",
            sourceLocation: sourceLocation
        )
    }
}
