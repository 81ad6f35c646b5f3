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
}
