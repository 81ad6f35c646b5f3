import FunctionContract
import Testing

@testable import Providers

/// What Evolution sends beside plain messages: new kinds, takings back, calls and technical parts.
@Suite struct EvolutionChangeTests {
    private let provider = Provider.evolution

    @Test(arguments: [
        "lottieStickerMessage", "groupMentionedMessage", "associatedChildMessage",
        "ephemeralMessage", "viewOnceMessageV2Extension", "aWrapperOfNextYearMessage",
    ])
    func looksIntoAnyWrapper(wrapper: String) throws {
        let message = try upsert(#"{"\#(wrapper)":{"message":{"imageMessage":{"caption":"c"}}}}"#)
        guard case .media(let media) = message.content else { throw Unexpected() }
        #expect(media.caption == "c")
        #expect(media.isViewOnce == wrapper.hasPrefix("viewOnce"))
    }

    @Test func takesARoundVideoForAVideo() throws {
        let message = try upsert(#"{"ptvMessage":{"mimetype":"video/mp4"}}"#)
        guard case .media(let media) = message.content else { throw Unexpected() }
        #expect(media.kind == .video)
    }

    @Test(arguments: [
        "pollCreationMessageV3", "pollUpdateMessage", "eventMessage", "productMessage",
        "orderMessage", "groupInviteMessage", "requestPaymentMessage", "templateMessage",
        "interactiveMessage", "listMessage", "buttonsMessage", "stickerPackMessage",
        "invoiceMessage", "placeholderMessage", "encEventResponseMessage", "aKindOfNextYear",
    ])
    func takesAKindThatItCannotReadForAnAnswer(kind: String) throws {
        let message = try upsert(#"{"messageContextInfo":{},"\#(kind)":{}}"#)
        #expect(message.content == .unsupported(type: kind, ProviderFailure()))
    }

    @Test(arguments: [
        "senderKeyDistributionMessage", "keepInChatMessage", "pinInChatMessage",
        "secretEncryptedMessage", "messageHistoryBundle",
    ])
    func knowsWhatSaysNothingToAReader(kind: String) throws {
        #expect(try event("messages.upsert", message(#"{"\#(kind)":{}}"#)).kind == .technical)
    }

    @Test(arguments: [
        (#""key":{"id":"A","remoteJid":"229@lid"},"type":"REVOKE""#, "revoked"),
        (#""key":{"id":"A","remoteJid":"229@lid"},"type":0"#, "revoked"),
        (#""key":{"id":"A"},"type":"EPHEMERAL_SETTING","ephemeralExpiration":86400"#, "technical"),
        (#""key":{"id":"A"},"type":"HISTORY_SYNC_NOTIFICATION""#, "technical"),
        (
            #""key":{"id":"A"},"type":"MESSAGE_EDIT","editedMessage":{"conversation":"new"}"#,
            "edited"
        ),
        (#""key":{"id":"A"},"type":14,"editedMessage":{"conversation":"new"}"#, "edited"),
    ])
    func readsWhatAProtocolMessageDoes(data: String, expected: String) throws {
        let kind = try event("messages.edited", data).kind
        #expect(String(describing: kind).prefix { $0 != "(" } == expected)
        if case .revoked(let revocation) = kind { #expect(revocation.target == MessageID("A")) }
    }

    @Test func doesNotTrustTheClockOfTheServer() throws {
        let body = #"""
            {"event":"messages.update","date_time":"2026-05-27T06:32:11.218Z",
             "data":{"keyId":"A","fromMe":true,"status":"READ"}}
            """#
        #expect(try provider.only(body).occurredAt == nil)
        #expect(try provider.status(body).at == nil)
    }

    @Test(arguments: [
        ("offer", CallUpdate.Phase.ringing), ("timeout", .ended), ("reject", .rejected),
        ("accept", .accepted),
    ])
    func readsCalls(status: String, phase: CallUpdate.Phase) throws {
        let data = #""id":"C","from":"22990123456@s.whatsapp.net","status":"\#(status)""#
        guard case .call(let call) = try event("call", data).kind else { throw Unexpected() }
        #expect(call.phase == phase && call.id == "C" && !call.isOwn)
        #expect(call.contact.identities == [ContactIdentity(.waID, "22990123456")])
    }

    @Test func countsAMessageOfNobodyAsUnknown() throws {
        let data = #""key":{"id":"A"},"message":{"conversation":"a"}"#
        guard case .unknown = try event("messages.upsert", data).kind else { throw Unexpected() }
    }

    private func message(_ content: String) -> String {
        #""key":{"id":"A","remoteJid":"22990123456@s.whatsapp.net"},"message":\#(content)"#
    }

    private func upsert(_ content: String) throws -> InboundMessage {
        guard case .message(let inbound) = try event("messages.upsert", message(content)).kind
        else { throw Unexpected() }
        return inbound
    }

    private func event(_ name: String, _ data: String) throws -> DomainEvent {
        try provider.only(#"{"event":"\#(name)","data":{\#(data)}}"#)
    }
}
