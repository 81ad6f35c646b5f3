import Accounts
import Campaigns
import Database
internal import Messages

/// The progress of the campaign according to the database.
struct Figures: Equatable {
    /// The counts for Message 1 or Message 2.
    struct Step: Equatable {
        var total = 0
        var queued = 0
        /// Accepted by the provider, whatever their later state.
        var sent = 0
        var delivered = 0
        var read = 0
        var failed = 0
        /// It is unknown whether these were sent.
        var unknown = 0
    }

    var first = Step()
    var second = Step()
    /// Confirmations to contacts that have opted out.
    var farewells = Step()
    var replied = 0
    /// The count of failed messages for each reason.
    var failures: [String: Int] = [:]

    var queued: Int { steps.map(\.queued).reduce(0, +) }
    var sent: Int { steps.map(\.sent).reduce(0, +) }
    var failed: Int { steps.map(\.failed).reduce(0, +) }
    var unknown: Int { steps.map(\.unknown).reduce(0, +) }

    private var steps: [Step] { [first, second, farewells] }
}

extension Figures {
    init(of cast: Cast) throws(DatabaseError) {
        let options = TransactionOptions(identity: .service(cast.workspace), isReadOnly: true)
        let results = try cast.connection.transaction(
            options,
            [Self.messages, Self.answers]
        )
        for row in results[0] { try add(row) }
        replied = try results[1][0].get("count")
    }

    private mutating func add(_ row: Row) throws(DatabaseError) {
        let status = MessageStatus(rawValue: try row.get("status")) ?? .unknown
        let count: Int = try row.get("count")
        let accepted: Int = try row.get("accepted")
        let step: Int = try row.get("step")
        switch step {
        case 1: first.add(status, count, accepted)
        case 2: second.add(status, count, accepted)
        default: farewells.add(status, count, accepted)
        }
        if status == .failed {
            let reason: String? = try row.get("reason")
            failures[reason ?? "no reason was given", default: 0] += count
        }
    }

    /// The workspace contains only this campaign.
    private static let messages = Statement(
        """
        SELECT step::int AS step, status::text AS status, count(*) AS count,
            count(accepted_at) AS accepted,
            concat_ws(': ', reason ->> 'code', reason ->> 'en') AS reason
        FROM relais.message
        WHERE workspace = (SELECT relais.current_workspace())
        GROUP BY 1, 2, 5
        """
    )

    private static let answers = Statement(
        """
        SELECT count(DISTINCT contact) AS count FROM relais.interaction
        WHERE workspace = (SELECT relais.current_workspace())
            AND kind IN ('reply', 'choice', 'reaction')
        """
    )
}

extension Figures.Step {
    fileprivate mutating func add(_ status: MessageStatus, _ count: Int, _ accepted: Int) {
        total += count
        sent += accepted
        switch status {
        case .queued: queued += count
        case .unknown, .parked: unknown += count
        case .failed: failed += count
        case .delivered: delivered += count
        case .read, .played:
            delivered += count
            read += count
        case .cancelled, .accepted, .sent: break
        }
    }
}
