import FunctionContract
import Testing

@testable import FunctionRuntime

@Suite("Replies have a limit")
struct ReplyLimitTests {
    /// A reply that is `count` bytes long on the wire.
    private func reply(of count: Int) -> Reply {
        let empty = Reply.http(.text("")).bytes.count
        let text = String(repeating: "x", count: count - empty)
        return .http(.text(text))
    }

    @Test("A reply at the limit is sent as it is")
    func atLimit() {
        let reply = reply(of: Limits.replyBytes)
        var writer = JSONWriter()
        #expect(reply.withinLimit(&writer) == reply)
        #expect(writer.bytes.count == Limits.replyBytes)
    }

    @Test("A reply of one byte more becomes a failure with that reason")
    func overLimit() {
        var writer = JSONWriter()
        let sent = reply(of: Limits.replyBytes + 1).withinLimit(&writer)
        let failure = FunctionFailure.replyTooLarge(Limits.replyBytes + 1)
        #expect(sent == .failure(failure))
        #expect(writer.bytes == Reply.failure(failure).bytes)
        #expect(failure.message.contains("\(Limits.replyBytes + 1)"))
    }

    @Test("A failure with a long message is shortened")
    func longFailure() {
        let words = String(repeating: "no ", count: Limits.replyBytes)
        var writer = JSONWriter()
        _ = Reply.failure(FunctionFailure(type: "Loud", message: words)).withinLimit(&writer)
        #expect(writer.bytes.count < 1000)
    }
}
