internal import Accounts
internal import Messages
internal import Database
internal import FunctionContract
internal import HTTPClient
internal import Security
internal import Work

// Taking messages in hand, and giving back what did not go.

extension Sender {
    func takeInHand() throws(DatabaseError) {
        if clock.now >= nextRefresh { try refresh() }
        for lane in lanes {
            let appetite = lane.appetite(limits, now: clock.now)
            guard appetite > 0 else { continue }
            try take(appetite, lane)
            // One at a time: what is on its way must not wait for the database.
            if !batch.isEmpty { break }
        }
    }

    /// Looks for channels with work.
    func refresh() throws(DatabaseError) {
        nextRefresh = clock.now + limits.refresh
        for lane in lanes { lane.due = 0 }
        var others: [SendQueue.Work] = []
        for found in try SendQueue(connection).channelsWithWork(upTo: limits) {
            if let lane = lanes.first(where: { $0.channel.id == found.channel }) {
                lane.due = found.due
                // Somebody resumed it, or its day began.
                if found.wait == .zero { lane.isClosed = false }
            } else if !isLocked(found.channel) {
                others.append(found)
            }
        }
        if lanes.count + others.count > limits.channels {
            lanes.removeAll { $0.due == 0 && $0.isIdle }
        }
        for found in others.prefix(max(0, limits.channels - lanes.count)) {
            guard let lane = try open(found) else { continue }
            lane.due = found.due
            lane.nextClaim = clock.now + found.wait
            lanes.append(lane)
        }
    }

    private func open(_ found: SendQueue.Work) throws(DatabaseError) -> Lane? {
        let channels = Channels(connection, secrets, as: .service(found.workspace))
        do throws(AccountError) {
            let (channel, access) = try channels.open(found.channel)
            let outbox = Outbox(connection, workspace: channel.workspace, channel: channel.id)
            return Lane(channel, access, outbox, now: clock.now)
        } catch {
            if case .database(let error) = error { throw error }
            summary.problems.append("channel \(found.channel): \(error)")
            if error == .security(.sealingKeyUnknown) {
                // Another process may have the key.
                locked[found.channel] = clock.now + limits.unusableHold
                return nil
            }
            // It would be found again at once, by every sender.
            try Outbox(connection, workspace: found.workspace, channel: found.channel)
                .hold(for: limits.unusableHold, because: .unusable("\(error)"))
            return nil
        }
    }

    private func take(_ appetite: Int, _ lane: Lane) throws(DatabaseError) {
        let taken = try Take(lane: lane, limits: limits, random: random()).run(appetite)
        let now = clock.now
        switch taken.wait {
        case .none: lane.nextClaim = now
        case .for(let wait): lane.nextClaim = now + wait
        case .forever: lane.isClosed = true
        case .unpaced:
            let (channel, rates) = (lane.channel, Rates(connection))
            try rates.set(
                channel.rateKey,
                channel.pacing.ceiling,
                workspace: channel.workspace
            )
        }
        lane.due -= taken.messages.count
        if taken.messages.isEmpty, taken.wait == .none { lane.due = 0 }
        if lane.due <= 0 { nextRefresh = min(nextRefresh, now + limits.quickRefresh) }
        lane.plan(taken, limits)
        try load(templates: taken.messages.compactMap(\.template), for: lane)
        try giveBackUnused(taken, lane)
    }

    private func load(templates ids: [UUID], for lane: Lane) throws(DatabaseError) {
        let unknown = Set(ids).subtracting(lane.templates.keys)
        if unknown.isEmpty { return }
        let templates = Templates(connection, as: .service(lane.channel.workspace))
        for form in try templates.find(Array(unknown)) { lane.templates[form.id] = form }
    }

    /// Tokens for which there was no message.
    private func giveBackUnused(_ taken: Take.Taken, _ lane: Lane) throws(DatabaseError) {
        guard let grant = taken.grant, let day = taken.day else { return }
        (lane.month, lane.day) = (taken.month, day)
        let used = taken.messages.count
        if used < grant.count {
            let rates = Rates(connection)
            try rates.giveBack(grant.count - used, of: grant, to: lane.channel.rateKey)
        }
        let unused = day.granted - used
        guard unused > 0 else { return }
        try Counters(connection).giveBack(unused, of: day, to: lane.channel.dailyCounter)
    }

    /// Returns to the day and the month what did not go out.
    func giveBack(_ count: Int, of lane: Lane) throws(DatabaseError) {
        guard count > 0, let month = lane.month, let day = lane.day else { return }
        try Counters(connection).giveBack(count, of: day, to: lane.channel.dailyCounter)
        try Quotas(connection).giveBack(count, of: month, for: lane.channel.workspace)
    }

    /// Gives back what has not begun.
    func letGo(of lanes: [Lane]) throws(DatabaseError) {
        for lane in lanes { try release(lane.giveUpQueue(), lane) }
    }

    func release(_ messages: [ClaimedMessage], _ lane: Lane) throws(DatabaseError) {
        if messages.isEmpty { return }
        try lane.outbox.release(messages)
        try giveBack(messages.count, of: lane)
        nextRefresh = min(nextRefresh, clock.now + limits.quickRefresh)
    }
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
}
