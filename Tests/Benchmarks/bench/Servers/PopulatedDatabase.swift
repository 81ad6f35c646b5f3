import Database
import FunctionContract
import Measurement
import Messages
import Work

/// A database with the past of many tenants. It is made when it is first used, which takes minutes,
/// and serves all cases and samples after that.
final class PopulatedDatabase {
    private final class Content {
        let relais: Relais

        init(_ relais: consuming Relais) { self.relais = relais }
    }

    /// Messages in a claim: no more than a channel with few of them brings.
    private static let claim = 10
    private static let lease = Duration.seconds(30)
    /// Queues whose work stands in tables of the product, and that a runner looks at.
    private static let queues = ["campaigns", "inbound", "send", "settle", "verify"]

    private let servers: Servers
    private var content: Content?

    init(_ servers: Servers) {
        self.servers = servers
    }

    /// Messages in a second of a campaign of its own.
    func sendRate(of count: Int, _ plan: Plan) throws(Failure) -> Double {
        try servers.sendBatch.arrivals(of: count, in: content(plan).relais, senders: 2).perSecond
    }

    /// From the start of each timer's process to its reply, and what a look at the queues takes.
    func timerMilliseconds(_ plan: Plan) throws(Failure) -> [String: Double] {
        let content = try content(plan)
        let tenant = try Tenant(in: content.relais)
        var times: [String: Double] = [:]
        for name in ColdFunction.Name.timers {
            let function = try ColdFunction(name, in: servers.installation.products, of: tenant)
            times[name.rawValue] = try function.milliseconds(plan)
        }
        let queues = Queues(Connection(content.relais.postgres.functionURL))
        var looks: [Double] = []
        for _ in 0..<(plan.isSmoke ? 2 : 20) {
            let started = monotonicSeconds()
            try database { () throws(DatabaseError) in _ = try queues.look(at: Self.queues) }
            looks.append((monotonicSeconds() - started) * 1000)
        }
        times["look"] = median(looks)
        return times
    }

    /// What all but one of a hundred claims of messages take at most, with their commit.
    func slowClaimMilliseconds(_ plan: Plan) throws(Failure) -> Double {
        let content = try content(plan)
        let owner = Connection(content.relais.postgres.ownerURL)
        let connection = Connection(content.relais.postgres.functionURL)
        let channels = try database { () throws(DatabaseError) in
            try owner.query("SELECT id, workspace FROM relais.channel WHERE status = 'paused'")
                .map { (row) throws(DatabaseError) in
                    Outbox(
                        connection,
                        workspace: try row.get("workspace"),
                        channel: try row.get("id")
                    )
                }
        }
        var times: [Double] = []
        for number in 0..<(plan.isSmoke ? 20 : 2000) {
            times.append(try claimMilliseconds(channels[number % channels.count]))
        }
        return times.sorted()[times.count * 99 / 100]
    }

    private func claimMilliseconds(_ outbox: Outbox) throws(Failure) -> Double {
        try database { () throws(DatabaseError) in
            let started = monotonicSeconds()
            let messages = try outbox.transaction { (transaction) throws(DatabaseError) in
                _ = try outbox.gate(in: transaction)
                return try outbox.claim(limit: Self.claim, lease: Self.lease, in: transaction)
            }
            let time = monotonicSeconds() - started
            precondition(messages.count == Self.claim, "the channel has enough messages")
            try outbox.release(messages)
            return time * 1000
        }
    }

    private func content(_ plan: Plan) throws(Failure) -> Content {
        if let content { return content }
        let relais = try servers.relais()
        let population = Population(plan)
        if !plan.isSmoke { say("  fills a database with \(population.messages) messages") }
        try database { () throws(DatabaseError) in
            try Connection(relais.postgres.ownerURL).run(script: population.script)
            try Connection(relais.postgres.ownerURL).run(script: "VACUUM (ANALYZE)")
        }
        let made = Content(relais)
        content = made
        return made
    }
}
