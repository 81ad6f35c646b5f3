import Accounts
import Messages
import Database
import FunctionContract
import Providers
import Testing

@testable import Sending
@testable import Work

/// A sender that is late must not send at the time that another one has tokens for.
struct LaneTests {
    private let limits = SendLimits()
    private let takenAt = Timestamp.now

    private func lane(_ rate: RateLimit) -> Lane {
        let channel = Channel(
            id: .v7(),
            workspace: .v7(),
            name: "Channel",
            provider: .meta,
            baseURL: "http://127.0.0.1:9",
            externalID: "1",
            pacing: Accounts.Pacing(rate)
        )
        let outbox = Outbox(
            Connection("postgresql://127.0.0.1:9/none"),
            workspace: channel.workspace,
            channel: channel.id
        )
        return Lane(channel, channel.access(token: "token"), outbox, now: .now)
    }

    /// Has the lane plan three messages for tokens from `first` intervals after now; returns how
    /// late the last of them may be.
    private func lateness(_ lane: Lane, _ interval: Duration, first: Int) throws -> Duration {
        let grant = RateGrant(
            count: 3,
            takenAt: takenAt,
            interval: interval,
            firstAt: takenAt + interval * first,
            arrival: 0
        )
        let messages = (0..<3).map { _ in
            ClaimedMessage(
                AttemptReference(message: .v7(), attempt: 1),
                contact: .v7(),
                to: .phone("+22890000001"),
                body: "Bonjour"
            )
        }
        let taken = Take.Taken(messages: messages, grant: grant)
        lane.plan(taken, limits)
        let last = try #require(lane.queue.last)
        return last.notAfter - (taken.at + grant.delay(of: 2))
    }

    @Test("who may not be alone is late by half an interval at most")
    func first() throws {
        let interval = Duration.milliseconds(100)
        let lane = lane(RateLimit(interval: interval))
        #expect(try lateness(lane, interval, first: 0) == .milliseconds(50))
        // Somebody else had the fourth token.
        #expect(try lateness(lane, interval, first: 4) == .milliseconds(50))
    }

    @Test("who finds the tokens where it left them may be late")
    func alone() throws {
        let interval = Duration.milliseconds(100)
        let lane = lane(RateLimit(interval: interval))
        _ = try lateness(lane, interval, first: 0)
        #expect(try lateness(lane, interval, first: 3) == limits.horizon)
    }

    @Test("nobody has to be more punctual than a process can be")
    func fast() throws {
        let interval = Duration.milliseconds(1)
        let lane = lane(RateLimit(interval: interval))
        #expect(try lateness(lane, interval, first: 0) == limits.lateness)
    }

    /// Has the lane take messages that are due at once.
    private func take(_ count: Int, _ lane: Lane) {
        let interval = Duration.microseconds(1)
        let grant = RateGrant(
            count: count,
            takenAt: takenAt,
            interval: interval,
            firstAt: takenAt,
            arrival: 0
        )
        let messages = (0..<count).map { _ in
            ClaimedMessage(
                AttemptReference(message: .v7(), attempt: 1),
                contact: .v7(),
                to: .phone("+22890000001"),
                body: "Bonjour"
            )
        }
        lane.plan(Take.Taken(messages: messages, grant: grant), limits)
        lane.due -= count
    }

    @Test("a channel takes in hand what there is room for, and no more while nothing is answered")
    func appetite() {
        let (lane, now) = (lane(RateLimit(interval: .microseconds(1))), ContinuousClock.now)
        #expect(lane.appetite(100, limits, now: now) == 0)
        lane.due = 1000
        #expect(lane.appetite(100, limits, now: now) == limits.claim)
        #expect(lane.appetite(5, limits, now: now) == 5)
        take(5, lane)
        #expect(lane.appetite(5, limits, now: now) == 0)
        for _ in 0..<5 {
            _ = lane.takeNext(now: now)
            lane.began(now: now)
        }
        #expect(lane.appetite(0, limits, now: now) == 0)
        #expect(!lane.hangs(limits, now: now + limits.silence - .milliseconds(1)))
        #expect(lane.hangs(limits, now: now + limits.silence))
        lane.ended(isAnswered: false, now: now)
        #expect(lane.appetite(0, limits, now: now) == 0)
        lane.ended(isAnswered: true, now: now + .seconds(2))
        #expect(lane.appetite(0, limits, now: now + .seconds(2)) == 1)
        #expect(!lane.hangs(limits, now: now + .seconds(2)))
        lane.placeSince = nil
        #expect(lane.appetite(100, limits, now: now) == 0)
    }

    @Test("a channel needs its place while it has something to send soon")
    func seat() {
        let (lane, now) = (lane(RateLimit(interval: .microseconds(1))), ContinuousClock.now)
        #expect(lane.seat(limits, now: now)?.state == .idle)
        lane.due = 3
        lane.nextClaim = now + .milliseconds(900)
        #expect(lane.seat(limits, now: now)?.state == .sends)
        lane.nextClaim = now + .seconds(20)
        #expect(lane.seat(limits, now: now)?.state == .idle)
        take(1, lane)
        #expect(lane.seat(limits, now: now)?.state == .sends)
        _ = lane.takeNext(now: now)
        lane.began(now: now)
        #expect(lane.seat(limits, now: now)?.state == .idle)
        #expect(lane.seat(limits, now: now + .seconds(3))?.state == .hangs)
        lane.placeSince = nil
        #expect(lane.seat(limits, now: now) == nil)
    }
}
