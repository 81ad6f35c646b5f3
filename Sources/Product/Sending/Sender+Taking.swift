internal import Accounts
internal import Messages
internal import Database
internal import FunctionContract
internal import Work

// Claims messages, channel after channel.

extension Sender {
    /// The next lane claims messages. Only one lane claims per call, because requests in flight
    /// must not wait long for the database.
    func takeInHand() throws(DatabaseError) {
        if clock.now >= nextRefresh { try refresh() }
        guard let place = lanes.firstIndex(where: { appetite(of: $0, at: clock.now) > 0 }) else {
            return
        }
        let lane = lanes.remove(at: place)
        lanes.append(lane)
        do throws(DatabaseError) {
            try take(appetite(of: lane, at: clock.now), lane)
        } catch {
            if error.concernsAll { throw error }
            try hinder(lane, error)
        }
    }

    func appetite(of lane: Lane, at now: ContinuousClock.Instant) -> Int {
        let room = shares.room(for: lane.channel.id, of: lane.channel.workspace)
        return lane.appetite(room, limits, now: now)
    }

    /// Refreshes the state of the lanes and looks for channels whose turn it is. These get the free
    /// places, and the places of channels that may leave. When the look fails for the moment, the
    /// lanes stay as they are.
    func refresh() throws(DatabaseError) {
        let now = clock.now
        nextRefresh = max(now + limits.refresh, looks.retryAt ?? now)
        guard looks.allows(now) else { return }
        let seats = lanes.compactMap { $0.seat(limits, now: now) }
        let leavers = Turns.leavers(of: seats, turn: limits.turn, now: now)
        let free = limits.channels - seats.count
        let kept = lanes.filter { $0.placeSince != nil || $0.hangs(limits, now: now) }
            .map(\.channel.id)
        let resting = [rests, lulls, locked].flatMap { $0.channels(at: now) }
        guard let found = try look(free, leavers.count, serving: kept, besides: resting) else {
            return
        }
        let known = Set(kept + resting)
        let newcomers = found.filter { !known.contains($0.channel) }
        let leaving = Set(leavers.prefix(max(0, newcomers.count - free)))
        for lane in lanes {
            lane.due = 0
            if leaving.contains(lane.channel.id) { lane.placeSince = nil }
        }
        let atRest = Set(resting)
        for work in found { note(work, isResting: atRest.contains(work.channel)) }
        for work in newcomers { try givePlace(work) }
        removeLanesWithoutPlace()
    }

    /// Nil when the look is too slow, or when another transaction gets in its way. The next look is
    /// then later each time: the answers of providers wait meanwhile.
    private func look(
        _ free: Int,
        _ more: Int,
        serving kept: [UUID],
        besides resting: [UUID]
    ) throws(DatabaseError) -> [SendQueue.Work]? {
        let queue = SendQueue(connection)
        do throws(DatabaseError) {
            let found = try ask { () throws(DatabaseError) in
                try queue.takeTurns(free: free, more: more, serving: kept, besides: resting)
            }
            looks.end()
            return found
        } catch {
            guard error.isOfTheMoment else { throw error }
            looks.goOn(error, random: random(), now: clock.now)
            nextRefresh = looks.retryAt ?? nextRefresh
            summary.problems.append("the look for channels with work: \(error)")
            return nil
        }
    }

    /// Remembers when their next tokens are due. Messages that missed a channel's first tokens may
    /// then be late on its next turn. Otherwise a slow database would send them back every time.
    private func removeLanesWithoutPlace() {
        for lane in lanes where lane.placeSince == nil && lane.isIdle {
            nextTokens[lane.channel.id] = lane.nextToken
        }
        lanes.removeAll { $0.placeSince == nil && $0.isIdle }
    }

    /// Updates the lane of a channel that already has one.
    private func note(_ work: SendQueue.Work, isResting: Bool) {
        guard !isResting, let lane = lanes.first(where: { $0.channel.id == work.channel }) else {
            return
        }
        lane.due = work.due
        // A person resumed the channel, or its new day began.
        if work.wait == .zero { lane.isClosed = false }
    }

    private func givePlace(_ work: SendQueue.Work) throws(DatabaseError) {
        if let lane = lanes.first(where: { $0.channel.id == work.channel }) {
            lane.placeSince = clock.now
        } else if let lane = try open(work) {
            lanes.append(lane)
        }
    }

    private func take(_ appetite: Int, _ lane: Lane) throws(DatabaseError) {
        let take = Take(lane: lane, limits: limits, random: random())
        let taken: Take.Taken
        do throws(DatabaseError) {
            taken = try ask { () throws(DatabaseError) in try take.run(appetite) }
        } catch {
            if error.code == .commitUnknown { lane.doubtClaim(until: clock.now + limits.lease) }
            throw error
        }
        let now = clock.now
        switch taken.wait {
        case .none: lane.nextClaim = now
        case .for(let wait): lane.nextClaim = now + wait
        case .forever:
            lane.isClosed = true
            rests.begin(lane.channel.id, .closed, now: now)
        case .unpaced:
            try ask { () throws(DatabaseError) in try makeBucket(of: lane.channel) }
        }
        lane.due -= taken.messages.count
        if !taken.messages.isEmpty {
            rests.forget(lane.channel.id)
            lulls.forget(lane.channel.id)
        } else if taken.wait == .none {
            // The counted messages were claimed by another sender, or postponed.
            lane.due = 0
            lulls.begin(lane.channel.id, .emptyHanded, now: now)
        }
        if lane.due <= 0 { nextRefresh = min(nextRefresh, now + limits.quickRefresh) }
        lane.plan(taken, limits)
        do throws(DatabaseError) {
            try load(templates: taken.messages.compactMap(\.template), for: lane)
        } catch {
            // Without their templates these messages would be refused.
            lane.giveUpQueue()
            throw error
        }
        try ask { () throws(DatabaseError) in try giveBackUnused(taken, lane) }
    }

    private func makeBucket(of channel: Channel) throws(DatabaseError) {
        let rates = Rates(connection)
        try rates.set(channel.rateKey, channel.pacing.ceiling)
    }

    private func load(templates ids: [UUID], for lane: Lane) throws(DatabaseError) {
        let unknown = Set(ids).subtracting(lane.templates.keys)
        if unknown.isEmpty { return }
        let templates = Templates(connection, as: .service(lane.channel.workspace))
        try ask { () throws(DatabaseError) in
            for form in try templates.find(Array(unknown)) { lane.templates[form.id] = form }
        }
    }

    /// Gives back the tokens for which there was no message.
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
}

extension BackOff {
    /// A look finds due messages, but the channel grants none.
    fileprivate static let closed = BackOff(first: .seconds(1), longest: .seconds(60))
    fileprivate static let emptyHanded = BackOff(first: .milliseconds(50), longest: .seconds(1))
}
