import FunctionContract
import Testing

/// What is asked wrongly is answered with a sentence, and the store goes on.
@Suite("The store's refusals", .ownThread)
struct StoreRefusalTests {
    struct Case: CustomTestStringConvertible {
        let question: String
        let body: String
        let complaint: String

        var testDescription: String { "\(question) \(body)" }

        init(_ question: String, _ body: String, _ complaint: String) {
            self.question = question
            self.body = body
            self.complaint = complaint
        }
    }

    private static func schedule(_ member: String, _ value: String) -> String {
        var members = [
            "name": #""s""#, "cron": #""* * * * *""#, "timezone": #""UTC""#, "catchUpMinutes": "5",
            "longestRunSeconds": "60",
        ]
        members[member] = value
        let text = members.sorted { $0.key < $1.key }.map { #""\#($0.key)":\#($0.value)"# }
        return #"{"runner":"r","schedules":[{\#(text.joined(separator: ","))}]}"#
    }

    private static func result(_ members: String) -> String {
        #"{"results":[{"id":"01890a5d-ac96-774b-bcce-b302099a8057",\#(members)}]}"#
    }

    private static let cases: [Case] = [
        Case("POST /schedules/claim", "{", "the body is no JSON"),
        Case("POST /schedules/claim", "", "runner: expected a string"),
        Case("POST /schedules/claim", #"{"runner":7}"#, "runner: expected a string"),
        Case("POST /schedules/claim", #"{"runner":""}"#, "runner: expected a string"),
        Case("POST /schedules/claim", #"{"runner":"r"}"#, "schedules: expected an array"),
        Case("POST /schedules/claim", #"{"runner":"r","schedules":[1]}"#, "array of objects"),
        Case("POST /schedules/claim", schedule("cron", #""* * *""#), "cron: "),
        Case("POST /schedules/claim", schedule("name", "null"), "name: expected"),
        Case("POST /schedules/claim", schedule("timezone", "5"), "timezone: expected"),
        Case("POST /schedules/claim", schedule("catchUpMinutes", "10081"), "from 0 to 10080"),
        Case("POST /schedules/claim", schedule("longestRunSeconds", "0"), "from 1 to 86400"),
        Case("POST /schedules/claim", schedule("overlap", #""yes""#), "overlap: expected true"),
        Case("POST /schedules", #"{"schedules":{}}"#, "schedules: expected an array"),
        Case("POST /schedules/finish", "{}", "results: expected an array"),
        Case("POST /schedules/finish", #"{"results":[{"name":"s"}]}"#, "instant: expected"),
        Case(
            "POST /schedules/finish",
            #"{"results":[{"name":"s","instant":9000000000000000000}]}"#,
            "instant: expected a whole number"
        ),
        Case("POST /queues/look", "[]", "queues: expected an array of strings"),
        Case("POST /queues/look", #"{"queues":["a",1]}"#, "queues: expected an array of strings"),
        Case("POST /invocations", #"{"event":"{}"}"#, "function: expected"),
        Case("POST /invocations", #"{"function":"f"}"#, "event: expected"),
        Case("POST /invocations", #"{"function":"f","event":{}}"#, "event: expected a string"),
        Case("POST /invocations/claim", "{}", "functions: expected"),
        Case(
            "POST /invocations/claim",
            #"{"functions":[{"name":"f","limit":0,"leaseSeconds":9}]}"#,
            "limit: expected a whole number from 1"
        ),
        Case(
            "POST /invocations/claim",
            #"{"functions":[{"name":"f","limit":1,"leaseSeconds":-9}]}"#,
            "leaseSeconds: expected"
        ),
        Case("POST /invocations/finish", #"{"results":[{"id":"x"}]}"#, "id: expected a UUID"),
        Case("POST /invocations/finish", result(#""token":0"#), "token: expected"),
        Case("POST /invocations/finish", result(#""token":1,"error":7"#), "error: expected"),
        Case(
            "POST /invocations/finish",
            result(#""token":1,"error":"e","attempt":0"#),
            "attempt: expected a whole number from 1"
        ),
        Case("POST /invocations/finish", result(#""token":1,"notTried":1"#), "notTried: expected"),
        Case("GET /dead/7", "", #""7" is no id of a dead letter"#),
        Case("POST /dead/retry", #"{"ids":["7"]}"#, #""7" is no id of a dead letter"#),
        Case("POST /dead/retry", #"{"ids":"all"}"#, "ids: expected an array"),
        Case("POST /dead/forget", #"{"ids":[]}"#, "expected retry or drop, found forget"),
    ]

    @Test("A wrong body gets 400, and the store continues")
    func wrongBodies() throws {
        let database = try PlatformDatabase()
        let store = try StoreProcess(database.url)
        for item in Self.cases {
            let words = item.question.split(separator: " ").map(String.init)
            let answer = try store.ask(words[0], words[1], body: Array(item.body.utf8))
            #expect(answer.status == 400, "\(item.testDescription)")
            #expect(answer.message.contains(item.complaint), "\(item.testDescription)")
        }
        #expect(try store.ask("GET", "/queues").status == 200)
        #expect(try database.count("SELECT count(*) FROM relais.task") == 0)
    }

    @Test("Unknown things get 404")
    func unknownRoutes() throws {
        let store = try StoreProcess(PlatformDatabase().url)
        for (method, path) in [
            ("GET", "/"), ("GET", "/schedules"), ("DELETE", "/dead"), ("POST", "/queues"),
            ("GET", "/invocations"), ("PUT", "/migrations"), ("GET", "/migrations/7"),
        ] {
            let answer = try store.ask(method, path)
            #expect(answer.status == 404, "\(method) \(path)")
            #expect(answer.message == "the store has no \(method) \(path)")
        }
        let nobody = try store.ask("GET", "/dead/01890a5d-ac96-774b-bcce-b302099a8057")
        #expect(nobody.status == 404)
    }

    /// A quotation mark takes four bytes in the reply.
    @Test(
        "An event larger than a reply gets 413; others come in replies that fit",
        arguments: Load.isFull ? ["x", "\""] : ["x"]
    )
    func largeEvents(_ byte: String) throws {
        let store = try StoreProcess(PlatformDatabase().url)
        let event = String(repeating: byte, count: 1_048_576)
        let refusal = try store.ask(
            "POST",
            "/invocations",
            ["function": "f", "event": .string(event + byte)]
        )
        #expect(refusal.status == 413)
        for _ in 0..<2 {
            let question: JSON = ["function": "f", "event": .string(event)]
            #expect(try store.ask("POST", "/invocations", question).status == 200)
        }
        let claim = try store.ask("POST", "/invocations/claim", .room("f", 10))
        let claimed = claim.json["invocations"]?.array ?? []
        #expect(claimed.count == 1)
        #expect(claimed.first?["event"]?.string == event)
        let queue = try store.ask("GET", "/queues").json["queues"]?.array?.first
        #expect(queue?["ready"] == 1)
    }

    @Test("A missing database is reported at once")
    func withoutDatabase() throws {
        let finished = try FinishedProcess(
            running: BuiltProduct.path("local-runner-store"),
            environment: ["FUNCTION_STREAM": "1"],
            input: Array("{}\n".utf8)
        )
        #expect(finished.exit != .code(0))
        #expect(finished.errorText.contains("DATABASE_URL is not set"))
    }

    @Test("Without tables it explains how to migrate")
    func withoutTables() throws {
        let store = try StoreProcess(TestDatabase().url)
        let answer = try store.ask("GET", "/queues")
        #expect(answer.status == 503)
        #expect(answer.message.hasSuffix("run `local-runner migrate`"))
    }
}

extension JSON {
    /// Room for `limit` events of one function.
    static func room(_ function: String, _ limit: Int, leaseSeconds: Int = 60) -> JSON {
        [
            "functions": [
                [
                    "name": .string(function), "limit": .integer(limit),
                    "leaseSeconds": .integer(leaseSeconds),
                ]
            ]
        ]
    }
}
