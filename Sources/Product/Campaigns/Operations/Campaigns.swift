package import Database
package import FunctionContract
package import Messages
internal import Providers
private import Work

/// The campaigns of a workspace, as `identity` may see and change them.
package struct Campaigns {
    package static let pageLimit = 50

    let connection: Connection
    let identity: Database.Identity

    package init(_ connection: Connection, as identity: Database.Identity) {
        self.connection = connection
        self.identity = identity
    }

    /// Adds a draft that could be started as it is.
    package func add(_ campaign: Campaign) throws(CampaignError) {
        try campaign.check()
        let statements = [
            CampaignSQL.add(campaign),
            CampaignSQL.choose(campaign.categories, for: campaign.id),
        ]
        let results = try CampaignError.wrap { () throws(DatabaseError) in
            try connection.transaction(options, statements)
        }
        guard results[0].affected == 1 else { throw .channelMissing(campaign.channel) }
    }

    package func find(_ id: UUID) throws(CampaignError) -> Campaign? {
        try campaigns(CampaignSQL.read(id)).first
    }

    /// Those of that id or name, the latest first.
    package func called(_ reference: String) throws(CampaignError) -> [Campaign] {
        try campaigns(CampaignSQL.called(reference, limit: Self.pageLimit))
    }

    /// The latest first.
    package func page(
        before id: UUID? = nil,
        limit: Int = pageLimit
    ) throws(CampaignError) -> [Campaign] {
        try campaigns(CampaignSQL.page(before: id, limit: min(limit, Self.pageLimit)))
    }

    package func schedule(
        _ id: UUID,
        at instant: Timestamp,
        now: Timestamp
    ) throws(CampaignError) {
        guard instant > now else { throw .scheduledInThePast }
        let task = CampaignClock.task(.start, of: id, in: identity.workspace, at: instant)
        try follow(
            .schedule,
            id,
            after: [CampaignSQL.schedule(id, at: instant)],
            and: [Tasks.enqueueing([task])]
        )
    }

    /// Stops claims at once; what is in hand is still heard of.
    package func pause(_ id: UUID, because reason: Reason? = nil) throws(CampaignError) {
        try follow(.pause, id, reason: reason)
    }

    /// Somebody has looked: a template that was held back is held no longer.
    package func resume(_ id: UUID) throws(CampaignError) {
        try follow(.resume, id, and: [CampaignSQL.releaseTemplate(of: id)])
    }

    /// For good: what did not go out yet is cancelled. Returns how many messages that is.
    @discardableResult
    package func stop(_ id: UUID) throws(CampaignError) -> Int {
        try follow(.stop, id, and: [CampaignSQL.cancelRemaining(of: id)])[1].affected
    }

    /// Sends again what failed, and returns how many that is. When there is none,
    /// nothing has happened.
    @discardableResult
    package func retryFailed(_ id: UUID) throws(CampaignError) -> Int {
        try retry(id, CampaignSQL.retryFailed(of: id))
    }

    /// A person has decided that the parked messages did not arrive: they go out again. When there
    /// are none, nothing has happened.
    @discardableResult
    package func resendParked(_ id: UUID) throws(CampaignError) -> Int {
        try retry(id, CampaignSQL.resendParked(of: id))
    }

    /// A person has decided to leave the parked messages.
    @discardableResult
    package func giveUpParked(_ id: UUID) throws(CampaignError) -> Int {
        let statement = CampaignSQL.giveUpParked(of: id, reason: .abandoned)
        return try run([statement])[0].affected
    }

    /// Lets campaigns use the campaign's template again after it was held back; false when it was
    /// not.
    package func releaseTemplate(of id: UUID) throws(CampaignError) -> Bool {
        try run([CampaignSQL.releaseTemplate(of: id)])[0].affected == 1
    }

    /// The same campaign again from the beginning, as one of its own, ready to be started. It is
    /// its maker's as before, and goes to the same people, whoever relaunches it.
    package func relaunch(_ id: UUID, as new: UUID = .v7()) throws(CampaignError) -> Campaign {
        guard let campaign = try find(id) else { throw .missing(id) }
        let copy = campaign.again(id: new)
        try add(copy)
        return copy
    }

    /// Gives up on a campaign that could not be started.
    package func fail(_ id: UUID, because reason: Reason) throws(CampaignError) {
        try follow(.fail, id, reason: reason)
    }

    /// Whether a campaign has come to its end.
    package enum Completion: Sendable, Equatable {
        case ended
        /// It waits for answers and nothing else; to be looked at again after the pause.
        case waits(Duration)
        /// It is not under way, or still sends.
        case sends
    }

    /// Ends the campaign if it has nothing left to do.
    package func complete(_ id: UUID) throws(CampaignError) -> Completion {
        let results = try run([CampaignSQL.complete(id), CampaignSQL.awaiting(id)])
        if !results[0].isEmpty { return .ended }
        guard let row = results[1].first else { return .sends }
        let window = try CampaignError.wrap { () throws(DatabaseError) in
            try row.get("answer_window_seconds", as: Int.self)
        }
        return .waits(min(max(.seconds(window) / 100, .seconds(60)), .seconds(900)))
    }

    /// Says on a campaign that is due why it has not started yet.
    func note(_ reason: Reason, on id: UUID) throws(CampaignError) {
        try run([CampaignSQL.note(reason, on: id)])
    }

    var options: TransactionOptions { TransactionOptions(identity: identity) }

    private func retry(_ id: UUID, _ statement: Statement) throws(CampaignError) -> Int {
        try follow(.retry, id, and: [statement], unlessIdle: true)[1].affected
    }

    /// `unlessIdle`: nothing has happened when the last statement changes nothing.
    @discardableResult
    private func follow(
        _ order: CampaignOrder,
        _ id: UUID,
        reason: Reason? = nil,
        after preparation: [Statement] = [],
        and more: [Statement] = [],
        unlessIdle: Bool = false
    ) throws(CampaignError) -> [Rows] {
        let first = CampaignSQL.follow(order, id, reason: reason)
        let results: [Rows]? = try CampaignError.wrap { () throws(DatabaseError) in
            try connection.transaction(options) { (transaction) throws(DatabaseError) in
                let results = try transaction.pipeline(preparation + [first])
                guard let result = results.last, result.count == 1 else { return nil }
                let changes = more.isEmpty ? [] : try transaction.pipeline(more)
                if unlessIdle, changes.last?.affected == 0 { transaction.abandon() }
                return [result] + changes
            }
        }
        if let results { return results }
        throw try refusal(of: order, id)
    }

    /// Why an order was not followed.
    func refusal(of order: CampaignOrder, _ id: UUID) throws(CampaignError) -> CampaignError {
        let row = try run([CampaignSQL.status(of: id)])[0].first
        let status = try CampaignError.wrap { () throws(DatabaseError) in
            try row?.get("status", as: String.self)
        }
        guard let status = status.flatMap({ CampaignStatus(rawValue: $0) }) else {
            return .missing(id)
        }
        return .notAllowed(status, order)
    }

    private func campaigns(_ statement: Statement) throws(CampaignError) -> [Campaign] {
        let rows = try run([statement])[0]
        return try CampaignError.wrap { () throws(DatabaseError) in
            try rows.map { (row) throws(DatabaseError) in try Campaign(row) }
        }
    }

    @discardableResult
    func run(_ statements: [Statement]) throws(CampaignError) -> [Rows] {
        try CampaignError.wrap { () throws(DatabaseError) in
            try connection.transaction(options, statements)
        }
    }
}

extension Reason {
    /// For messages that a person decided to leave.
    static let abandoned = Reason(
        french: "Abandonné : nul ne sait si ce message est parti, et il a été décidé de ne pas le "
            + "renvoyer.",
        english: "Abandoned: nobody knows whether this message went out, and it was decided not "
            + "to send it again."
    )
}
