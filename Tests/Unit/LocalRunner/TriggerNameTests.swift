import Testing

@testable import LocalRunner

@Suite struct TriggerNameTests {
    private static func trigger(_ kind: String, _ name: String) -> String {
        kind == "queue"
            ? #"{ "queue": { "name": "\#(name)" } }"#
            : #"{ "schedule": { "name": "\#(name)", "cron": "* * * * *" } }"#
    }

    @Test(arguments: ["schedule", "queue"])
    func oneNameCallsOneFunction(_ kind: String) {
        let manifests = ["a", "b"].map { name in
            Sample.manifest(name, #""triggers": [\#(Self.trigger(kind, "shared"))]"#)
        }
        let error = #expect(throws: UsageError.self) {
            try Triggers.checkUnambiguous(manifests, in: "functions")
        }
        #expect(
            error?.description
                == #"functions/b/function.json: the \#(kind) "shared" already calls a"#
        )
    }

    @Test func aScheduleAndAQueueMayBearTheSameName() {
        let both = [Self.trigger("queue", "same"), Self.trigger("schedule", "same")]
        let manifests = [
            Sample.manifest("a", #""triggers": [\#(both.joined(separator: ", "))]"#),
            Sample.manifest("b", #""triggers": [\#(Self.trigger("queue", "other"))]"#),
        ]
        #expect(throws: Never.self) { try Triggers.checkUnambiguous(manifests, in: "functions") }
    }
}
