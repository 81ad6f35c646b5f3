import FunctionContract
import Testing

@Suite struct RejectionTests {
    @Test func becomesAReplyThatSaysWhy() {
        let rejection = Rejection.badRequest("no phone number")
        #expect(
            rejection == Rejection(status: 400, code: "bad_request", message: "no phone number")
        )
        #expect(rejection.reply == .error(400, "bad_request", "no phone number"))
    }
}
