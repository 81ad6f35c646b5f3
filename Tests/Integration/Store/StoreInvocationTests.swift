import Database
import FunctionContract
import Testing

@Suite("Stored invocations", .ownThread)
struct StoreInvocationTests {
    private let database: PlatformDatabase
    private let store: StoreProcess

    init() throws {
        database = try PlatformDatabase()
        store = try StoreProcess(database.url)
    }

    private func take(_ function: String, _ event: String = "{}") throws -> String {
        let answer = try store.ask(
            "POST",
            "/invocations",
            ["function": .string(function), "event": .string(event)]
        )
        return try #require(answer.json["id"]?.string)
    }

    private func claim(_ function: String = "f", limit: Int = 10) throws -> [JSON] {
        let answer = try store.ask("POST", "/invocations/claim", .room(function, limit))
        #expect(answer.status == 200)
        return answer.json["invocations"]?.array ?? []
    }

    @discardableResult
    private func finish(_ invocation: JSON, _ member: String, _ value: JSON) throws -> JSON {
        let result = JSONObject([
            ("id", invocation["id"] ?? .null), ("token", invocation["token"] ?? .null),
            ("attempt", invocation["attempt"] ?? .null), (member, value),
        ])
        let answer = try store.ask(
            "POST",
            "/invocations/finish",
            ["results": [.object(result)]]
        )
        #expect(answer.status == 200)
        return answer.json
    }

    /// What comes back to the queue stands where a claim looks now and then only.
    private func claimAgain() throws -> JSON {
        var claimed: [JSON] = []
        try database.waitUntil("event that came back") {
            claimed = try claim()
            return !claimed.isEmpty
        }
        return claimed[0]
    }

    /// Lets the pause of everything that waits be over.
    private func makeDue() throws {
        try database.query("UPDATE relais.task SET run_at = now()")
    }

    @Test("A stored event is claimed unchanged, by one runner only, and deleted when done")
    func journey() throws {
        let id = try take("f", #"{"text":"é \u0000 \" \\ 🎈"}"#)
        let claimed = try claim()
        #expect(claimed.count == 1)
        #expect(claimed[0]["id"]?.string == id)
        #expect(claimed[0]["function"]?.string == "f")
        #expect(claimed[0]["event"]?.string == #"{"text":"é \u0000 \" \\ 🎈"}"#)
        #expect(try claim().isEmpty)
        #expect(try finish(claimed[0], "error", .null)["done"] == 1)
        #expect(try database.count("SELECT count(*) FROM relais.task") == 0)
        // Told twice is counted once.
        #expect(try finish(claimed[0], "error", .null)["stale"] == 1)
    }

    @Test("A claim returns events of the named functions only, up to its limit")
    func room() throws {
        for _ in 0..<5 { _ = try take("f") }
        _ = try take("gone")
        #expect(try claim(limit: 3).count == 3)
        #expect(try claim(limit: 3).count == 2)
        #expect(try claim("other").isEmpty)
        #expect(try claim("gone").count == 1)
    }

    @Test("A failure is retried after one and two minutes, then becomes a dead letter")
    func failures() throws {
        _ = try take("f")
        for (attempt, pause) in [(1, 30...60), (2, 60...120)] {
            let claimed = try claimAgain()
            #expect(claimed["attempt"]?.integer == attempt)
            let before = try database.count("extract(epoch FROM now())")
            #expect(try finish(claimed, "error", "no luck")["retried"] == 1)
            let after = try database.count("extract(epoch FROM now())")
            let due = try database.count("SELECT extract(epoch FROM run_at) FROM relais.task")
            let (earliest, latest) = (before + pause.lowerBound, after + pause.upperBound)
            #expect((earliest - 1...latest + 1).contains(due))
            #expect(try claim().isEmpty)
            try makeDue()
        }
        #expect(try finish(try claimAgain(), "error", "no luck at all")["dead"] == 1)
        let dead = try store.ask("GET", "/dead?queue=invoke%3Af").json["dead"]?.array ?? []
        #expect(dead.count == 1)
        #expect(dead.first?["reason"] == "exhausted")
        #expect(dead.first?["lastError"] == "no luck at all")
        #expect(dead.first?["attempts"] == 3)
        #expect(try store.ask("GET", "/dead?queue=other").json["dead"]?.array?.isEmpty == true)
    }

    @Test("An untried invocation is released at once and does not count as an attempt")
    func notTried() throws {
        _ = try take("f")
        for _ in 0..<5 {
            let claimed = try claimAgain()
            #expect(claimed["attempt"] == 1)
            try finish(claimed, "notTried", true)
        }
    }

    @Test("After a runner's death its claim is repeated after the lease, with a higher token")
    func lostLease() throws {
        _ = try take("f")
        let first = try claim()[0]
        try database.query("UPDATE relais.task SET lease_until = now() - interval '1 second'")
        let second = try claimAgain()
        #expect(second["attempt"] == 2)
        #expect(try finish(first, "error", .null)["stale"] == 1)
        #expect(try finish(second, "error", .null)["done"] == 1)
    }

    @Test("After six hours without a run, an invocation becomes a dead letter with a reason")
    func expiry() throws {
        _ = try take("gone")
        let hours = try database.text(
            "SELECT round(extract(epoch FROM expires_at - now()) / 3600) FROM relais.task"
        )
        #expect(hours == "6")
        try database.query("UPDATE relais.task SET expires_at = now()")
        try database.waitUntil("burial") {
            try #require(try claim("gone").isEmpty)
            return try database.count("SELECT count(*) FROM relais.task") == 0
        }
        let dead = try store.ask("GET", "/dead").json["dead"]?.array ?? []
        #expect(dead.first?["reason"] == "expired")
    }

    @Test("A dead letter can be shown with its event, retried and dropped")
    func deadLetters() throws {
        let id = try take("f", #"{"a":1}"#)
        try database.query("UPDATE relais.task SET attempts = 2")
        try finish(try claimAgain(), "error", "no luck")
        let letter = try store.ask("GET", "/dead/\(id)").json
        #expect(letter["payload"]?["event"]?.string == #"{"a":1}"#)
        #expect(letter["queue"] == "invoke:f")
        let ids: JSON = ["ids": [.string(id)]]
        #expect(try store.ask("POST", "/dead/retry", ids).json["changed"] == 1)
        #expect(try store.ask("POST", "/dead/retry", ids).json["changed"] == 0)
        #expect(try claimAgain()["attempt"] == 1)
        try database.query("UPDATE relais.task SET attempts = 3, lease_until = now()")
        try database.waitUntil("burial") {
            try #require(try claim().isEmpty)
            return try database.count("SELECT count(*) FROM relais.task_dead") == 1
        }
        #expect(try store.ask("POST", "/dead/drop", ids).json["changed"] == 1)
        #expect(try store.ask("GET", "/dead/\(id)").status == 404)
    }

    @Test("Reports the time until the next invocation and the state of every queue")
    func statistics() throws {
        let nothing = try store.ask("POST", "/invocations/claim", .room("f", 1)).json
        #expect(nothing["nextInMilliseconds"]?.isNull == true)
        _ = try take("f")
        try database.query("UPDATE relais.task SET run_at = now() + interval '10 minutes'")
        let later = try store.ask("POST", "/invocations/claim", .room("f", 1)).json
        let wait = try #require(later["nextInMilliseconds"]?.integer)
        #expect((300_000...600_001).contains(wait))
        let look = try store.ask("POST", "/queues/look", ["queues": ["invoke:f", "empty"]]).json
        #expect(look["queues"]?.array?.map { $0["ready"]?.integer } == [0, 0])
        try database.query("UPDATE relais.task SET run_at = now() - interval '2 seconds'")
        let queues = try store.ask("GET", "/queues").json["queues"]?.array ?? []
        #expect(queues.count == 1)
        #expect(queues.first?["queue"] == "invoke:f")
        #expect(queues.first?["ready"] == 1)
        #expect(queues.first?["oldestReadySeconds"]?.integer ?? 0 >= 1)
    }
}
