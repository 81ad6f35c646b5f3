internal import Accounts
internal import Messages
internal import Database
internal import FunctionContract
internal import Providers
internal import Security
internal import Work

// An obstacle to one channel closes that channel only.

extension Sender {
    /// Returns nil when the channel cannot be served. The reason is in the summary and on the
    /// channel, unless only this process lacks the key.
    func open(_ work: SendQueue.Work) throws(DatabaseError) -> Lane? {
        let channels = Channels(connection, secrets, as: .service(work.workspace))
        let outbox = Outbox(connection, workspace: work.workspace, channel: work.channel)
        do throws(AccountError) {
            var (channel, access) = try channels.open(work.channel)
            access.webhookURL = publicURL?.url(channel.webhookPath)
            let nextToken = nextTokens[work.channel] ?? .distantPast
            let lane = Lane(channel, access, outbox, nextToken: nextToken, now: clock.now)
            lane.due = work.due
            lane.nextClaim = clock.now + work.wait
            return lane
        } catch {
            if case .database(let error) = error {
                try hinder(work.channel, outbox, error)
                return nil
            }
            summary.problems.append("channel \(work.channel): \(error)")
            if error == .security(.sealingKeyUnknown) {
                // Another process may have the key.
                let rest = BackOff(first: limits.lockedRest, longest: limits.lockedRest)
                locked.begin(work.channel, rest, now: clock.now)
                return nil
            }
            // Without a rest, every sender would find the channel again at once.
            try rest(work.channel, outbox, because: .unusable("\(error)"))
            return nil
        }
    }

    /// Closes the lane and gives back its queued messages.
    func hinder(_ lane: Lane, _ error: DatabaseError) throws(DatabaseError) {
        lane.isClosed = true
        lane.giveUpQueue()
        try hinder(lane.channel.id, lane.outbox, error)
    }

    private func hinder(
        _ channel: UUID,
        _ outbox: Outbox,
        _ error: DatabaseError
    ) throws(DatabaseError) {
        if error.concernsAll { throw error }
        summary.problems.append("channel \(channel): \(error)")
        if error.isOfTheMoment {
            rests.begin(channel, .disturbed, now: clock.now)
        } else {
            try rest(channel, outbox, because: .obstacle("\(error)"))
        }
    }

    /// Makes the channel rest for all senders and stores the reason. If that cannot be written, the
    /// channel rests for this process only.
    private func rest(
        _ channel: UUID,
        _ outbox: Outbox,
        because reason: Reason
    ) throws(DatabaseError) {
        rests.begin(channel, .unservable, now: clock.now)
        do throws(DatabaseError) {
            try ask { () throws(DatabaseError) in try outbox.rest(because: reason) }
        } catch {
            if error.concernsAll { throw error }
            summary.problems.append("channel \(channel) is not marked as resting: \(error)")
        }
    }
}

extension BackOff {
    fileprivate static let disturbed = BackOff(first: .seconds(1), longest: .seconds(60))
    /// A person has to fix the cause; this process then notices soon.
    fileprivate static let unservable = BackOff(first: .seconds(60), longest: .seconds(120))
}

extension Reason {
    fileprivate static func unusable(_ detail: String) -> Reason {
        Reason(
            code: "unusable",
            detail: detail,
            french: "Le secret du canal ne peut pas être ouvert : saisissez-le de nouveau.",
            english: "The channel's secret cannot be opened: enter it again."
        )
    }

    fileprivate static func obstacle(_ detail: String) -> Reason {
        Reason(
            code: "obstacle",
            detail: detail,
            french: "La base de données refuse ce que ce canal demande : l'envoi reprendra de "
                + "lui-même si la cause disparaît ; sinon, transmettez le détail à "
                + "l'administrateur de la plateforme.",
            english: "The database refuses what this channel asks for: sending goes on by itself "
                + "once the cause is gone; if it stays, give the detail to the platform's "
                + "administrator."
        )
    }
}
