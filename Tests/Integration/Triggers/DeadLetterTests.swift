import Database
import FunctionContract
import Testing
import Work

@Suite("local-runner dead", .ownThread)
struct DeadLetterTests {
    @Test("Secrets of a stored event are not shown, and are there when it is tried again")
    func secrets() throws {
        let database = try PlatformDatabase()
        let tasks = Tasks(database.connect())
        let event: JSON = [
            "version": "2.0", "rawPath": "/x", "rawQueryString": "page=2&token=in-the-query",
            "headers": [
                "authorization": "Bearer in-a-header", "x-hub-signature-256": "sha256=in-another",
                "content-type": "application/json",
            ],
            "cookies": ["session=in-a-cookie"],
            "body": #"{"email":"a@b.c","password":"in-the-body"}"#,
        ]
        let payload: JSON = ["event": .string(event.text)]
        let task = NewTask(
            queue: NewTask.invocationQueue(of: "echo"),
            kind: "invocation",
            payload: payload.text,
            workspace: nil
        )
        try tasks.enqueue([task])
        let claimed = try tasks.claimAfresh(task.queue)
        _ = try tasks.finish([TaskOutcome(claimed[0].lease, .refused(error: "no"))])

        let project = try FunctionFolder()
        let environment = ["DATABASE_URL": database.url]
        for words in [["list"], ["list", "--json"], ["show", task.id.description]] {
            let run = try CommandRun(["dead"] + words, in: project, environment: environment)
            #expect(run.exit == .code(0), "\(run.complaint)")
            #expect(!run.output.contains("in-the-") && !run.output.contains("in-a"), "\(words)")
        }
        let shown = try CommandRun(
            ["dead", "show", task.id.description],
            in: project,
            environment: environment
        ).output
        for visible in ["(hidden)", "page=2", "application/json", "a@b.c"] {
            #expect(shown.contains(visible), "\(visible)")
        }
        let retry = try CommandRun(
            ["dead", "retry", task.id.description],
            in: project,
            environment: environment
        )
        #expect(retry.exit == .code(0))
        #expect(try tasks.claimAfresh(task.queue).first?.payload.contains("in-a-header") == true)
    }
}
