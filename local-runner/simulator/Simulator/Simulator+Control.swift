import FunctionContract
import HTTPServer

// The simulator's own endpoints: /_health and /_simulator/…

extension Simulator {
    /// The answer to a request for the simulator itself; nil when it is for a provider.
    func control(_ call: Call) -> Answer? {
        if call.path == "/_health" {
            return Answer(200, ["status": "ok", "version": .string(productVersion)])
        }
        guard call.segments.first == "_simulator" else { return nil }
        switch (call.method, call.segments.dropFirst().first) {
        case ("GET", nil): return Answer(200, Self.overview)
        case ("GET", "ledger"): return page(call) { ledger.page(since: $0, limit: $1) }
        case ("GET", "messages"): return page(call, messages)
        case ("GET", "summary"): return summary(call)
        case ("GET", "scenario"): return Answer(200, description)
        case ("POST", "scenario"): return change(call)
        case ("POST", "events"): return raise(call)
        case ("POST", "reset"):
            reset()
            return Answer(200, ["reset": true])
        default: return Self.problem(404, "not_found", "See GET /_simulator.")
        }
    }

    private static let overview: JSON = [
        "GET /_health": "whether it runs",
        "GET /_simulator/ledger?since=0&limit=1000": "the requests to send, oldest first",
        "GET /_simulator/messages?since=0&limit=1000": "messages taken, and what became of them",
        "GET /_simulator/summary?recipients": "the ledger and the webhooks in numbers",
        "GET /_simulator/scenario": "how it behaves",
        "POST /_simulator/scenario": "changes of the scenario, as a JSON merge patch",
        "POST /_simulator/events": "something that happens now: a message, a session, an account",
        "POST /_simulator/reset": "forgets sends, messages, people and templates",
    ]

    private static let pageLimit = 10_000

    private func page(_ call: Call, _ content: (_ since: Int, _ limit: Int) -> [UInt8]) -> Answer {
        let since = call.parameter("since").map { Int($0) } ?? 0
        let limit = call.parameter("limit").map { Int($0) } ?? 1000
        guard let since, let limit, since >= 0, (1...Self.pageLimit).contains(limit) else {
            let range = "since counts from 0, limit goes from 1 to \(Self.pageLimit)."
            return Self.problem(400, "invalid_query", range)
        }
        return Answer(200, type: "application/json", body: content(since, limit))
    }

    private func messages(since: Int, limit: Int) -> [UInt8] {
        let page = world.messages.page(since: since, limit: limit)
        let body: JSON = [
            "entries": .array(page.messages.map(\.json)), "next": .integer(page.next),
            "total": .integer(world.messages.count),
        ]
        return body.bytes
    }

    private func summary(_ call: Call) -> Answer {
        var object = ledger.counts.json(withRecipients: call.parameter("recipients") != nil)
        object["seed"] = .string(String(world.behaviour.seed))
        let counters = dispatcher?.counters ?? WebhookDispatcher.Counters()
        object["webhooks"] = [
            "posted": .integer(counters.posted), "delivered": .integer(counters.delivered),
            "failedTries": .integer(counters.failedTries),
            "givenUp": .integer(counters.givenUp), "dropped": .integer(counters.dropped),
            "pending": .integer(dispatcher?.pending ?? 0), "planned": .integer(agenda.count),
        ]
        return Answer(200, .object(object))
    }

    private func change(_ call: Call) -> Answer {
        guard let patch = call.json else {
            return Self.problem(400, "invalid_json", "The body is not valid JSON.")
        }
        let changed = description.merging(patch)
        do throws(ScenarioError) {
            world.behaviour.scenario = try Scenario(changed)
        } catch {
            return Self.problem(400, "invalid_scenario", error.description)
        }
        description = changed
        dispatcher?.rules = world.scenario.retries
        return Answer(200, description)
    }

    static func problem(_ status: Int, _ code: String, _ message: String) -> Answer {
        Answer(status, ["error": ["code": .string(code), "message": .string(message)]])
    }
}
