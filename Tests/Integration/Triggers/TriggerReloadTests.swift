import FunctionContract
import Testing

@Suite("Triggers in local-runner dev", .ownThread)
struct TriggerReloadTests {
    @Test("A new function's schedule, queue and stored events work without a restart")
    func newFunction() throws {
        let project = try TriggeredProject(
            .clerk("old", triggers: SampleFunction.queue("old"))
        )
        let runner = try project.serve(["--build", "true"], command: "dev")
        defer { runner.end() }
        try project.enqueue(1, in: "old")
        try runner.waitUntil("old queue") { !project.folder.events("old").isEmpty }
        try project.follow("tick", minutesAgo: 2)
        try project.enqueue(1, in: "new")
        try project.folder.order("new", #"{"statusCode":200,"processed":1}"#)
        try project.folder.add(
            .clerk(
                "new",
                triggers: [
                    SampleFunction.schedule("tick"), SampleFunction.queue("new"),
                    SampleFunction.route("/new/{what}"),
                ].joined(separator: ",")
            )
        )
        try runner.waitUntil("new queue and schedule") {
            let types = project.folder.events("new").map { $0["type"]?.string }
            return types.contains("relais.queue.ready") && types.contains("relais.schedule.fired")
        }
        #expect(try runner.invokeLater("new", "/new/1").status == 202)
        try runner.waitUntil("stored event") {
            project.folder.events("new").contains(["path": "/new/1"])
        }
        let count = project.folder.events("old").count
        try project.enqueue(1, in: "old")
        try runner.waitUntil("old queue again") { project.folder.events("old").count > count }
        #expect(try runner.stop() == .code(0))
        #expect(try project.state(of: "tick") == "done")
    }
}
