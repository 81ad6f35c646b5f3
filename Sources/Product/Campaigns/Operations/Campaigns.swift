package import Database
package import FunctionContract
internal import Messages
package import Providers
private import Work

/// The campaigns of a workspace that `identity` may see and change.
package struct Campaigns {
    package static let pageLimit = 50

    let connection: Connection
    let identity: Identity

    package init(_ connection: Connection, as identity: Identity) {
        self.connection = connection
        self.identity = identity
    }

    /// Adds a draft that has passed `check()`.
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

    /// The campaigns with that id or name, the latest first.
    package func called(_ reference: String) throws(CampaignError) -> [Campaign] {
        try campaigns(CampaignSQL.called(reference, limit: Self.pageLimit))
    }

    /// A page of campaigns, the latest first.
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

    /// Stops claims at once. The results of claimed messages are still recorded.
    package func pause(_ id: UUID, because reason: Reason? = nil) throws(CampaignError) {
        try follow(.pause, id, reason: reason)
    }

    /// Resumes the campaign after a person has looked, and releases its template if it was paused.
    package func resume(_ id: UUID) throws(CampaignError) {
        try follow(.resume, id, and: [CampaignSQL.releaseTemplate(of: id)])
    }

    /// Stops the campaign for good and cancels the messages that no sender has claimed. Returns
    /// their number.
    @discardableResult
    package func stop(_ id: UUID) throws(CampaignError) -> Int {
        try follow(.stop, id, and: [CampaignSQL.cancelRemaining(of: id)])[1].affected
    }

    /// Sends the failed messages again and returns their number, except those that a person gave
    /// up. If there are none, nothing changes.
    @discardableResult
    package func retryFailed(_ id: UUID) throws(CampaignError) -> Int {
        try retry(id, CampaignSQL.retryFailed(of: id))
    }

    /// Sends the parked messages again: a person has decided that they did not arrive. If there are
    /// none, nothing changes.
    @discardableResult
    package func resendParked(_ id: UUID) throws(CampaignError) -> Int {
        try retry(id, CampaignSQL.resendParked(of: id))
    }

    /// Gives up on the parked messages, as a person has decided.
    @discardableResult
    package func giveUpParked(_ id: UUID) throws(CampaignError) -> Int {
        let statement = CampaignSQL.giveUpParked(of: id, reason: .abandoned)
        return try run([statement])[0].affected
    }

    /// Releases the campaign's template if it was paused; returns false if it was not.
    package func releaseTemplate(of id: UUID) throws(CampaignError) -> Bool {
        try run([CampaignSQL.releaseTemplate(of: id)])[0].count == 1
    }

    /// Adds a copy of the campaign as a new draft. An admin's campaign still goes to that admin's
    /// own contacts, whoever relaunches it.
    package func relaunch(_ id: UUID, as new: UUID = .v7()) throws(CampaignError) -> Campaign {
        guard let campaign = try find(id) else { throw .missing(id) }
        let copy = campaign.again(id: new)
        try add(copy)
        return copy
    }

    /// Marks a campaign that could not be started as failed.
    package func fail(_ id: UUID, because reason: Reason) throws(CampaignError) {
        try follow(.fail, id, reason: reason)
    }

    /// The result of an attempt to complete a campaign.
    package enum Completion: Sendable, Equatable {
        case ended
        /// The campaign only waits for answers; look again after the pause.
        case waits(Duration)
        /// The campaign is not running, or still sends.
        case sends
    }

    /// Completes the campaign if it has nothing left to do.
    package func complete(_ id: UUID) throws(CampaignError) -> Completion {
        let results = try run([
            CampaignSQL.hold(id), CampaignSQL.complete(id), CampaignSQL.awaiting(id),
        ])
        if !results[1].isEmpty { return .ended }
        guard let row = results[2].first else { return .sends }
        let window = try CampaignError.wrap { () throws(DatabaseError) in
            try row.get("answer_window_seconds", as: Int.self)
        }
        return .waits(min(max(.seconds(window) / 100, .seconds(60)), .seconds(900)))
    }

    /// Stores on a due campaign why it has not started yet.
    func note(_ reason: Reason, on id: UUID) throws(CampaignError) {
        try run([CampaignSQL.note(reason, on: id)])
    }

    var options: TransactionOptions { TransactionOptions(identity: identity) }

    private func retry(_ id: UUID, _ statement: Statement) throws(CampaignError) -> Int {
        try follow(.retry, id, and: [statement], unlessIdle: true)[1].affected
    }

    /// `unlessIdle`: rolls back if the last statement changes nothing.
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

    /// Why a command was refused.
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
            try rows.map(Campaign.init)
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
    /// The reason of parked messages that a person gave up.
    static let abandoned = Reason(
        code: "abandoned",
        french: "Abandonné : nul ne sait si ce message est parti, et il a été décidé de ne pas le "
            + "renvoyer.",
        english: "Abandoned: nobody knows whether this message went out, and it was decided not "
            + "to send it again."
    )
}
