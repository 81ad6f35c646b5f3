import FunctionContract
import Testing

@testable import LocalRunner

@Suite struct StoreAnswerTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let outcome: LocalRunner.Call.Outcome
        let answer: Store.Answer

        init(_ name: String, _ outcome: LocalRunner.Call.Outcome, _ answer: Store.Answer) {
            testDescription = name
            self.outcome = outcome
            self.answer = answer
        }
    }

    private static func failure(_ message: String, isOurs: Bool = false) -> Store.Answer {
        .failure(StoreError(message: message, isOurs: isOurs))
    }

    static let cases = [
        Case("JSON", .reply(.http(.json(["a": 1]))), .success(["a": 1])),
        Case("no body", .reply(.http(HTTPReply(statusCode: 204))), .success(.null)),
        Case(
            "wrongly asked",
            .reply(.http(.error(400, "bad_request", "a: expected a string"))),
            failure("a: expected a string", isOurs: true)
        ),
        Case(
            "no database",
            .reply(.http(.error(503, "database", "cannot reach PostgreSQL"))),
            failure("cannot reach PostgreSQL")
        ),
        Case("no words", .reply(.http(HTTPReply(statusCode: 500))), failure("status 500")),
        Case(
            "failure",
            .reply(.failure(FunctionFailure(type: "NotConfigured", message: "no address"))),
            failure("no address")
        ),
        Case("refused", .refused(.queueFull), failure("the store is busy")),
        Case(
            "died",
            .failed(.died, "the function ended before it replied"),
            failure("the store: the function ended before it replied")
        ),
    ]

    @Test(arguments: cases)
    func isMadeOf(_ item: Case) {
        #expect(Store.answer(item.outcome) == item.answer)
    }

    @Test func aQuestionIsAnHTTPEvent() {
        guard case .http(let event) = Store.event("GET", "/dead?queue=a%3Ab", ["x": 1]) else {
            Issue.record("no HTTP event")
            return
        }
        #expect(event.method == "GET" && event.rawPath == "/dead")
        #expect(event.rawQueryString == "queue=a%3Ab")
        #expect(event.body == Array(#"{"x":1}"#.utf8))
    }

    @Test func theOwnerOfTheTablesIsKnownToMigrationsOnly() throws {
        let serving = try Store.manifest(for: .serving)
        #expect(serving.environment.map(\.name) == ["DATABASE_URL"])
        #expect(serving.timeoutSeconds == 15)
        let ordering = try Store.manifest(for: .ordering)
        #expect(ordering.environment.map(\.name) == ["DATABASE_URL"])
        #expect(ordering.timeoutSeconds == 300)
        let migrating = try Store.manifest(for: .migrating(minutes: 15))
        let names = ["DATABASE_URL", "DATABASE_OWNER_URL", "RELAIS_MIGRATIONS"]
        #expect(migrating.environment.map(\.name) == names)
        #expect(migrating.timeoutSeconds == 900)
    }

    @Test func withoutADatabaseThereIsNoStore() {
        let source = Catalog.Source(binaries: "/nowhere", environment: ["DATABASE_URL": ""])
        let error = #expect(throws: UsageError.self) { try Store.definition(source) }
        #expect(error?.description.hasPrefix("DATABASE_URL is not set") == true)
    }
}
