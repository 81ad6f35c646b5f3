internal import Accounts
internal import Messages
internal import Database
internal import FunctionContract
private import Glibc
internal import HTTPClient
internal import Providers

// Sending what is in hand when its time comes, and hearing what came of it.

extension Sender {
    func begin() {
        for lane in lanes {
            var late: [ClaimedMessage] = []
            while flights.count < limits.concurrency, let start = lane.nextStart(limits) {
                let now = clock.now
                guard start <= now else { break }
                let planned = lane.takeNext(now: now)
                if now <= planned.notAfter {
                    begin(planned, lane)
                } else {
                    late.append(planned.message)
                }
            }
            attempt { () throws(DatabaseError) in try release(late, lane) }
        }
    }

    private func begin(_ planned: Lane.Planned, _ lane: Lane) {
        let message = planned.message
        if message.hasLeft {
            return lane.add(AttemptResult(message, Verdict(cancelling: message)), now: clock.now)
        }
        do throws(ProviderError) {
            let request = try Wire.request(for: message, on: lane, limits)
            let ticket = batch.add(PlannedRequest(request, deadline: planned.deadline))
            flights[ticket] = (lane, message)
            lane.began()
        } catch {
            let verdict = Verdict(refusing: message, because: .invalid("\(error)"))
            lane.add(AttemptResult(message, verdict), now: clock.now)
        }
    }

    func collect(upTo pause: Duration) {
        guard !batch.isEmpty else {
            // Microseconds fit: a pause is never longer than a refresh.
            if pause > .zero { usleep(UInt32(pause / .microseconds(1))) }
            return
        }
        let now = Timestamp.now
        for finished in batch.step(upTo: pause) {
            guard let flight = flights.removeValue(forKey: finished.ticket) else { continue }
            let verdict = Wire.verdict(
                finished.outcome,
                for: flight.message,
                by: flight.lane.channel.provider,
                now: now
            )
            flight.lane.ended()
            flight.lane.add(AttemptResult(flight.message, verdict), now: clock.now)
        }
    }

    /// Until something else than an answer asks for attention.
    func pause() -> Duration {
        guard isBusy || hasProspects else { return .zero }
        let now = clock.now
        var next = now + limits.refresh
        if mayClaim { next = min(next, nextRefresh) }
        for lane in lanes {
            if let time = lane.recordTime(limits) { next = min(next, time) }
            if flights.count < limits.concurrency, let start = lane.nextStart(limits) {
                next = min(next, start)
            }
            if mayClaim, lane.appetite(limits, now: lane.nextClaim) > 0 {
                next = min(next, lane.nextClaim)
            }
        }
        return max(.zero, next - now)
    }
}
