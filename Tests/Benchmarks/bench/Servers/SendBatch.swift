import Database
import FunctionContract
import Work
import Measurement

/// Ours at sending a campaign: processes of `send-batch`, called again and again as a host does.
struct SendBatch {
    /// The time limit of the function's manifest.
    private static let callSeconds = 60

    let program: String
    let provider: String

    /// Has so many processes at once send a campaign to so many people, and returns when the
    /// messages came. All that is known of each is then recorded.
    func arrivals(
        of count: Int,
        in relais: borrowing Relais,
        pacing: RateLimit = Tenant.unthrottled,
        senders: Int
    ) throws(Failure) -> Arrivals {
        let upstream = try Upstream(provider)
        let tenant = try Tenant(in: relais, provider: upstream.url, pacing: pacing)
        try tenant.startCampaign(to: count)
        var left = count
        while left > 0 {
            try call(tenant, senders)
            let before = left
            left = try tenant.unsent()
            guard left < before else { throw Failure("\(left) messages are not sent") }
        }
        let arrivals = try upstream.arrivals()
        guard arrivals.times.count == count, arrivals.doubles == 0 else {
            throw Failure(
                "\(arrivals.times.count) messages came for \(count), \(arrivals.doubles) twice"
            )
        }
        return arrivals
    }

    private func call(_ tenant: Tenant, _ senders: Int) throws(Failure) {
        let folder = try TemporaryFolder()
        let deadline = Timestamp.now.microseconds / 1000 + Int64(Self.callSeconds) * 1000
        let event = """
            {"specversion":"1.0","id":"1","source":"/bench","type":"relais.queue.ready",\
            "data":{"queue":"send"},"deadlinems":\(deadline)}
            """
        var command = Command(program: program, environment: tenant.environment)
        command.input = try folder.write(event, to: "event")
        _ = try command.outputs(of: senders, within: .seconds(Self.callSeconds + 10))
    }
}
