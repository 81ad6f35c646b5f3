import FunctionContract
import Testing

@testable import Providers

/// Edits, revocations and calls of WAHA.
@Suite struct WAHAChangeTests {
    private let provider = Provider.waha

    private static let targets: [(String, String)] = [
        (
            #""event":"message.edited","payload":{"id":"false_22890123456@c.us_NEW","#
                + #""editedMessageId":"ABC","body":"new","from":"22890123456@c.us"}"#,
            "false_22890123456@c.us_ABC"
        ),
        (
            #""event":"message.revoked","payload":{"revokedMessageId":"ABC","before":null,"#
                + #""after":{"id":"false_22890123456@c.us_NEW","from":"22890123456@c.us"}}"#,
            "false_22890123456@c.us_ABC"
        ),
        (
            #""event":"message.revoked","payload":{"revokedMessageId":"ABC","#
                + #""before":{"id":"false_1-2@g.us_ABC_22890123456@c.us"}}"#,
            "false_1-2@g.us_ABC_22890123456@c.us"
        ),
        (
            #""event":"message.edited","payload":{"id":"NEW","editedMessageId":"ABC","body":"n"}"#,
            "ABC"
        ),
    ]

    @Test(arguments: targets)
    func namesItsTargetAsTheMessageWasNamed(body: String, expected: String) throws {
        let target: MessageID
        switch try provider.only("{\(body)}").kind {
        case .edited(let edit): target = edit.target
        case .revoked(let revocation): target = revocation.target
        default: throw Unexpected()
        }
        #expect(target.value == expected)
        if expected != "ABC" { #expect(target.alternates == ["ABC"]) }
    }

    @Test(arguments: [
        ("call.received", CallUpdate.Phase.ringing), ("call.accepted", .accepted),
        ("call.rejected", .rejected),
    ])
    func readsCalls(event: String, phase: CallUpdate.Phase) throws {
        let body = #"{"event":"\#(event)","payload":{"id":"C","from":"22890123456@c.us"}}"#
        guard case .call(let call) = try provider.only(body).kind else { throw Unexpected() }
        #expect(call.phase == phase)
        #expect(call.contact.identities == [ContactIdentity(.waID, "22890123456")])
    }
}
