import FunctionContract
import Testing

@Suite("A function's routes are those of its manifest", .ownThread)
struct TriggerListTests {
    @Test(arguments: functions)
    func agrees(_ function: String) throws {
        let file = "\(BuiltProduct.packageRoot)/functions/\(function)/function.json"
        let bytes = try FinishedProcess(running: "/bin/cat", [file]).output
        let manifest = try Manifest(bytes, name: function, file: file)
        let process = try FinishedProcess(
            running: try BuiltProduct.path(function),
            ["--triggers"]
        )
        #expect(process.exit == .code(0))
        var expected = manifest.routes.map { "http \($0.key)" }
        // A function for developers may answer whatever comes.
        if manifest.developmentOnly { expected = ["http ANY *"] }
        if !manifest.schedules.isEmpty { expected.append("schedule") }
        if !manifest.queues.isEmpty { expected.append("queue") }
        let lines = process.outputText.split(separator: "\n").map(String.init)
        #expect(lines.sorted() == expected.sorted())
    }

    private static let functions =
        (ProcessTable.names(in: "\(BuiltProduct.packageRoot)/functions") ?? [])
        .filter { !$0.hasPrefix(".") }.sorted()
}
