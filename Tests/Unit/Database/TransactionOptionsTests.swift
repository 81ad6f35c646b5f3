import FunctionContract
import Testing

@testable import Database

struct TransactionOptionsTests {
    @Test func withoutWishesItIsJustBegin() {
        #expect(TransactionOptions().opening(timeout: nil).map(\.sql) == ["BEGIN"])
    }

    @Test func wishesAreInBegin() {
        let options = TransactionOptions(isolation: .serializable, isReadOnly: true)
        let opening = options.opening(timeout: nil)
        #expect(opening.map(\.sql) == ["BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY"])
    }

    @Test func identityAndTimeoutShareOneStatement() {
        let identity = Identity(workspace: UUID(high: 0, low: 1), user: nil, role: .superAdmin)
        let opening = TransactionOptions(identity: identity).opening(timeout: .seconds(10))
        #expect(
            opening.last?.sql == "SELECT set_config('relais.workspace_id', $1, true),"
                + " set_config('relais.user_id', $2, true),"
                + " set_config('relais.role', $3, true),"
                + " set_config('statement_timeout', $4, true)"
        )
        let values: [Parameter] = [
            .text("00000000-0000-0000-0000-000000000001"), .text(""), .text("super_admin"),
            .text("9900ms"),
        ]
        #expect(opening.last?.parameters == values)
    }

    @Test func theCallerIsTheUserUnlessAnotherIsNamed() {
        let user = UUID(high: 0, low: 2)
        for (caller, expected) in [(nil, user.description), ("key 7", "key 7")] {
            let identity = Identity(workspace: user, user: user, role: .admin, caller: caller)
            let opening = TransactionOptions(identity: identity).opening(timeout: nil)
            #expect(opening.last?.sql.contains("set_config('relais.caller', $4, true)") == true)
            #expect(opening.last?.parameters.last == .text(expected))
        }
    }

    @Test(arguments: [
        (Duration.seconds(10), "9900ms"), (.milliseconds(200), "180ms"), (.milliseconds(1), "1ms"),
        (.zero, "1ms"), (.seconds(-5), "1ms"),
    ])
    func theServerGivesUpALittleEarlier(_ timeLeft: Duration, _ text: String) {
        let opening = TransactionOptions().opening(timeout: timeLeft)
        #expect(opening.last?.parameters == [.text(text)])
    }

    @Test func pausesDoubleUpToTheLongest() {
        var retry = Retry(attempts: 20)
        retry.random = { 1 }
        let pauses = (1...8).map { retry.pause(after: $0) }
        #expect(pauses == [10, 20, 40, 80, 160, 320, 500, 500].map { .milliseconds($0) })
        #expect(retry.pause(after: .max) == .milliseconds(500))
        retry.random = { 0.25 }
        #expect(retry.pause(after: 2) == .milliseconds(5))
    }
}
