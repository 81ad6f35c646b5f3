internal import Accounts
internal import Messages
internal import Database
internal import FunctionContract
private import Glibc
internal import HTTPClient
internal import Providers

// Starts requests when their time comes, and collects the outcomes.

extension Sender {
    func begin() {
        for lane in lanes {
            while let start = lane.nextStart, hasRoom(lane) {
                let now = clock.now
                guard start <= now else { break }
                let planned = lane.takeNext(now: now)
                if now <= planned.notAfter {
                    begin(planned, lane)
                } else {
                    lane.untold.add(unused: planned.message, until: planned.leaseEnd)
                }
            }
        }
    }

    private func hasRoom(_ lane: Lane) -> Bool {
        shares.room(for: lane.channel.id, of: lane.channel.workspace) > 0
    }

    private func begin(_ planned: Lane.Planned, _ lane: Lane) {
        let message = planned.message
        if message.hasLeft {
            return add(Verdict(cancelling: message), of: planned, to: lane)
        }
        do throws(ProviderError) {
            let request = try Wire.request(for: message, on: lane, limits)
            let ticket = batch.add(PlannedRequest(request, deadline: planned.deadline))
            flights[ticket] = (lane, planned)
            shares.begin(lane.channel.id, of: lane.channel.workspace)
            lane.began(now: clock.now)
        } catch {
            add(Verdict(refusing: message, because: .invalid("\(error)")), of: planned, to: lane)
        }
    }

    private func add(_ verdict: Verdict, of planned: Lane.Planned, to lane: Lane) {
        let result = AttemptResult(planned.message, verdict)
        lane.untold.add(result, until: planned.leaseEnd, now: clock.now)
    }

    func collect(upTo pause: Duration) {
        guard !batch.isEmpty else {
            // The microseconds fit into 32 bits: a pause is never longer than a refresh.
            if pause > .zero { usleep(UInt32(pause / .microseconds(1))) }
            return
        }
        let now = Timestamp.now
        for finished in batch.step(upTo: pause) {
            guard let (lane, planned) = flights.removeValue(forKey: finished.ticket) else {
                continue
            }
            let verdict = Wire.verdict(
                finished.outcome,
                for: planned.message,
                by: lane.channel.provider,
                now: now
            )
            shares.end(lane.channel.id, of: lane.channel.workspace)
            lane.ended(isAnswered: finished.outcome.isAnswer, now: clock.now)
            add(verdict, of: planned, to: lane)
        }
    }

    /// How long the loop may wait for answers before other work is due.
    func pause() -> Duration {
        guard isBusy || hasProspects else { return .zero }
        let now = clock.now
        var next = now + limits.refresh
        if mayClaim { next = min(next, nextRefresh) }
        for lane in lanes {
            if let time = lane.tellTime(limits, now: now) {
                next = min(next, max(time, outage.retryAt ?? time))
            }
            if let start = lane.nextStart, hasRoom(lane) { next = min(next, start) }
            if mayClaim, appetite(of: lane, at: max(now, lane.nextClaim)) > 0 {
                next = min(next, lane.nextClaim)
            }
        }
        return max(.zero, next - now)
    }
}

extension OutboundOutcome {
    fileprivate var isAnswer: Bool {
        switch self {
        case .response: true
        case .notSent, .unknown: false
        }
    }
}
