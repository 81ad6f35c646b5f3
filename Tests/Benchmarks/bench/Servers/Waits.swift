import Database
import FunctionContract
import Glibc
import HTTPClient
import Measurement
import Networks
import Work

/// What a quiet tenant waits on a platform that others flood; each in milliseconds, the median of
/// several.
struct Waits {
    private static let limit = Duration.seconds(60)
    private static let queue = "bench"
    /// What a task of a flood takes.
    private static let taskMilliseconds = 2

    let servers: Servers
    let neighbours: Neighbours
    let plan: Plan

    /// From a webhook in which somebody writes STOP until no campaign writes to them any more.
    func untilStopHolds() throws(Failure) -> Double {
        let relais = try servers.relais()
        let quiet = try Tenant(in: relais)
        let people = try quiet.addContacts(1 + plan.waits)
        let crowd = try Crowd(of: neighbours.count(plan), beside: quiet, in: relais)
        let server = try servers.platform(["inbound-webhook", "process-inbound"], for: quiet)
        let post = Post(to: server)
        try crowd.floodInbox(plan.isSmoke ? 1000 : 40_000)
        return try median(of: people) { (person) throws(Failure) in
            let started = monotonicSeconds()
            try post.send("STOP", from: person)
            try awaitState("STOP of \(person)", within: Self.limit) { () throws(Failure) in
                try quiet.count(
                    "relais.contact WHERE phone = '+\(person)' AND status = 'unsubscribed'"
                ) == 1
            }
            return monotonicSeconds() - started
        } while: { () throws(Failure) in
            try crowd.waiting(in: "relais.webhook_inbox WHERE state = 'received'")
        }
    }

    /// From a webhook in which somebody answers a campaign until Message 2 is at the provider.
    func untilMessage2() throws(Failure) -> Double {
        let upstream = try servers.upstream()
        let relais = try servers.relais()
        let quiet = try Tenant(in: relais, provider: upstream.url)
        let people = try quiet.addContacts(1 + plan.waits)
        try quiet.noteMessage1()
        let perSecond = plan.isSmoke ? 200 : 2000
        let crowd = try Crowd(
            of: neighbours.count(plan),
            beside: quiet,
            in: relais,
            provider: upstream.url,
            perSecond: perSecond
        )
        let functions = ["inbound-webhook", "process-inbound", "send-batch"]
        let server = try servers.platform(functions, for: quiet)
        let post = Post(to: server)
        try crowd.floodOutbox((plan.isSmoke ? 10 : 40) * perSecond)
        var offset = 0
        return try median(of: people) { (person) throws(Failure) in
            let started = monotonicSeconds()
            try post.send("Oui", from: person)
            return try upstream.awaitMessage(to: "+\(person)", after: &offset, within: Self.limit)
                - started
        } while: { () throws(Failure) in
            try crowd.waiting(in: "relais.outbox WHERE lease_until IS NULL")
        }
    }

    /// From the moment at which a task is enqueued until it is done, by two workers.
    func untilTaskIsDone() throws(Failure) -> Double {
        let relais = try servers.relais()
        let quiet = try Tenant(in: relais)
        let crowd = try Crowd(of: neighbours.count(plan), beside: quiet, in: relais)
        try crowd.floodTasks(plan.isSmoke ? 200 : 40_000, Self.queue)
        let workers = try relais.workers(on: Self.queue, milliseconds: Self.taskMilliseconds)
        let tasks = Tasks(Connection(relais.postgres.functionURL))
        let numbers = (0...plan.waits).map(String.init)
        return try withExtendedLifetime(workers) { () throws(Failure) in
            try median(of: numbers) { (_) throws(Failure) in
                let task = NewTask(queue: Self.queue, kind: "quiet", workspace: quiet.workspace)
                let started = monotonicSeconds()
                try database { () throws(DatabaseError) in _ = try tasks.enqueue([task]) }
                try awaitState("task", within: Self.limit) { () throws(Failure) in
                    try quiet.count("relais.task WHERE id = '\(task.id)'") == 0
                }
                return monotonicSeconds() - started
            } while: { () throws(Failure) in
                try crowd.waiting(in: "relais.task WHERE lease_until IS NULL")
            }
        }
    }

    /// The first wait does not count: processes start. A wait that outlasts the flood does not count
    /// either, and is the last.
    private func median(
        of names: [String],
        _ wait: (String) throws(Failure) -> Double,
        while flood: () throws(Failure) -> Int
    ) throws(Failure) -> Double {
        var waits: [Double] = []
        for name in names {
            let milliseconds = try wait(name) * 1000
            if neighbours != .none, !plan.isSmoke, try flood() == 0 { break }
            waits.append(milliseconds)
        }
        guard waits.count > 1 else { throw Failure("the flood was over before the first wait") }
        return Measurement.median(Array(waits.dropFirst()))
    }
}

/// Delivers webhooks to a server, one after the other.
private struct Post {
    private let client = HTTPClient(egress: .loopback)
    private let url: String

    init(to server: borrowing Server) {
        url = server.url
    }

    /// Returns when the webhook is acknowledged. The server may still be starting.
    func send(_ text: String, from person: String) throws(Failure) {
        let message = MetaText(
            person: person,
            id: "wamid.\(person)",
            text: text,
            sentAt: time(nil)
        )
        let body = Array(message.body.utf8)
        let signature = MetaText.signature(of: body, secret: Tenant.webhookSecret)
        let request = OutboundRequest(
            .post,
            url,
            headers: [
                "Content-Type": "application/json", "X-Hub-Signature-256": signature,
            ],
            body: body
        )
        try awaitState("an answer to a webhook", within: .seconds(20)) { () throws(Failure) in
            switch client.send(request) {
            case .response(let response) where response.status == 200: true
            case .response(let response): throw Failure("a webhook brought \(response.status)")
            case .notSent: false
            case .unknown(let failure): throw Failure("a webhook: \(failure)")
            }
        }
    }
}
