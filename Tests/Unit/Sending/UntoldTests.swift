import Messages
import Database
import FunctionContract
import Providers
import Testing

@testable import Sending

/// What the database is to be told, and for how long.
struct UntoldTests {
    private let limits = SendLimits()
    private let now = ContinuousClock.now

    private func message() -> ClaimedMessage {
        ClaimedMessage(
            AttemptReference(message: .v7(), attempt: 1),
            contact: .v7(),
            to: .phone("+22890000001"),
            body: "Bonjour"
        )
    }

    private func result() -> AttemptResult {
        let message = message()
        return AttemptResult(message, Verdict(cancelling: message))
    }

    @Test("a result waits a moment for others while more are on their way")
    func waits() {
        var untold = Untold()
        #expect(untold.tellTime(limits, isLast: true, now: now) == nil)
        untold.add(result(), until: now + .seconds(30), now: now)
        #expect(untold.tellTime(limits, isLast: false, now: now) == now + limits.recordAfter)
        #expect(untold.tellTime(limits, isLast: true, now: now) == now)
        for _ in 1..<limits.recordBatch {
            untold.add(result(), until: now + .seconds(30), now: now + .seconds(1))
        }
        #expect(untold.tellTime(limits, isLast: false, now: now) == now)
        #expect(untold.takeResults().count == limits.recordBatch)
        #expect(untold.isEmpty)
    }

    @Test("what did not begin is told at once, and what was counted in vain too")
    func atOnce() {
        var untold = Untold()
        untold.add(unused: message(), until: now + .seconds(30))
        #expect(untold.tellTime(limits, isLast: false, now: now) == now)
        #expect(untold.takeUnused().count == 1)
        untold.add(overcount: 2)
        untold.add(overcount: 1)
        #expect(untold.tellTime(limits, isLast: false, now: now) == now)
        #expect(untold.takeOvercount() == 3)
        #expect(untold.isEmpty)
    }

    @Test("what could not be told is told again, until its lease ends and not longer")
    func forgets() {
        var untold = Untold()
        let (early, late) = (result(), result())
        untold.add(late, until: now + .seconds(20), now: now)
        untold.add(unused: message(), until: now + .seconds(20))
        untold.putBack([.init(content: early, until: now + .seconds(10))], now: now)
        untold.add(overcount: 1)
        #expect(untold.results.map(\.content) == [early, late])
        #expect(untold.forget(at: now + .seconds(10) - .milliseconds(1)) == 0)
        #expect(untold.forget(at: now + .seconds(10)) == 1)
        #expect(untold.results.map(\.content) == [late])
        #expect(untold.forget(at: now + .seconds(20)) == 2)
        #expect(untold.isEmpty)
    }

    @Test("when the run is over everything is forgotten")
    func ends() {
        var untold = Untold()
        untold.add(result(), until: now + .seconds(20), now: now)
        #expect(untold.forget(at: nil) == 1)
        #expect(untold.isEmpty)
    }

    /// A code, a SQLSTATE, and whether all channels are concerned.
    private static let errors: [(DatabaseError.Code, String?, Bool)] = [
        (.connectionLost, nil, true), (.commitUnknown, nil, true), (.unreachable, "53300", true),
        (.timeout, nil, true), (.invalidStatement, "42P01", true), (.other, "53100", true),
        (.other, "25006", true), (.other, "XX001", true),
        (.timeout, "57014", false), (.decoding, nil, false), (.permission, "42501", false),
        (.uniqueViolation, "23505", false), (.invalidValue, "22021", false),
        (.other, "P0001", false), (.other, nil, false), (.other, "54000", false),
        (.deadlock, "40P01", false),
    ]

    @Test("an error is one channel's, or that of the database", arguments: errors)
    func concerns(code: DatabaseError.Code, sqlState: String?, all: Bool) {
        #expect(DatabaseError(code, "x", sqlState: sqlState).concernsAll == all)
    }
}
