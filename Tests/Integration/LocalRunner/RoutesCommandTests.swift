import FunctionContract
import Testing

@Suite("local-runner routes", .ownThread)
struct RoutesCommandTests {
    private static let shop = SampleFunction(
        "shop",
        manifest: """
            {
              "description": "Sells.",
              "triggers": [
                { "http": { "method": "POST", "path": "/shop/{item}" } },
                { "schedule": { "cron": "0 3 * * *", "timezone": "Europe/Paris" } },
                { "queue": { "name": "orders" } }
              ]
            }
            """
    )

    @Test("A table for people, without a build")
    func table() throws {
        let run = try CommandRun(["routes"], in: try FunctionFolder(.desk(), Self.shop))
        #expect(run.exit == .code(0) && run.complaint.isEmpty)
        #expect(
            run.output == """
                KIND      TRIGGER                   FUNCTION  DESCRIPTION
                http      ANY /desk/{what}          desk
                http      POST /shop/{item}         shop      Sells.
                schedule  0 3 * * * (Europe/Paris)  shop      Sells.
                queue     orders                    shop      Sells.

                """
        )
    }

    @Test("JSON for programs, one function only")
    func json() throws {
        let project = try FunctionFolder(.desk(), Self.shop)
        let run = try CommandRun(["routes", "--json", "--only", "shop"], in: project)
        let rows = try JSONParser.parse(run.finished.output).array ?? []
        #expect(rows.map { $0["kind"]?.string } == ["http", "schedule", "queue"])
        #expect(
            rows.first == [
                "kind": "http", "trigger": "POST /shop/{item}", "function": "shop",
                "description": "Sells.",
            ]
        )
        #expect(rows.dropFirst().first?["name"] == "shop-1")
        #expect(rows.dropFirst().first?["cron"] == "0 3 * * *")
        #expect(rows.dropFirst().first?["timezone"] == "Europe/Paris")
    }
}
