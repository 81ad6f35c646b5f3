import Campaigns
import Database
import FunctionContract
import Messages
import Providers
import Testing

@testable import Inbound

@Suite("What an event asks of us", .timeLimit(.minutes(60)))
struct MeaningTests {
    private static let received = Timestamp(microseconds: 1_763_700_000_000_000)

    private func meanings(_ value: String, field: String = "messages") throws -> [Meaning] {
        let body = """
            {"object":"whatsapp_business_account","entry":[{"id":"waba","time":1763600000,"changes":[\
            {"field":"\(field)","value":{"metadata":{"phone_number_id":"1"},\(value)}}]}]}
            """
        return try Provider.meta.events(in: Array(body.utf8)).map {
            Meaning($0, from: .meta, received: Self.received)
        }
    }

    private func utterance(_ message: String) throws -> Utterance? {
        let said = try meanings(
            #""messages":[{"id":"wamid.1","from":"22990000001","timestamp":"1763600001",\#(message)}]"#
        )
        guard said.count == 1, case .said(let utterance) = said[0] else { return nil }
        return utterance
    }

    @Test(
        arguments: [
            (#""type":"text","text":{"body":"Bonjour"}"#, Interaction.Kind.reply, "Bonjour"),
            (#""type":"text","text":{"body":"Stop"}"#, .optOut, "Stop"),
            (#""type":"text","text":{"body":"reprendre"}"#, .optIn, "reprendre"),
            (#""type":"button","button":{"text":"Oui","payload":"P1"}"#, .choice, "Oui"),
            (
                #""type":"button","button":{"text":"Ne plus recevoir","payload":"STOP"}"#, .optOut,
                "Ne plus recevoir"
            ),
            (#""type":"image","image":{"id":"7","caption":"stop"}"#, .reply, "stop"),
            (#""type":"reaction","reaction":{"message_id":"wamid.0","emoji":"👍"}"#, .reaction, "👍"),
        ]
    )
    func messages(_ message: String, _ kind: Interaction.Kind, _ content: String) throws {
        let utterance = try #require(try utterance(message))
        #expect(utterance.kind == kind)
        #expect(utterance.content == content)
        #expect(utterance.providerID == "wamid.1")
        #expect(utterance.at == Timestamp(microseconds: 1_763_600_001_000_000))
    }

    @Test(
        "A time that cannot be is the time at which the webhook came",
        arguments: [
            ("1763600001", 1_763_600_001), ("1763700000", 1_763_700_000),
            ("1763700001", 1_763_700_000), ("1763600001000", 1_763_600_001),
            ("999999999999999", 1_763_700_000), ("1230768000", 1_230_768_000),
            ("1230767999", 1_763_700_000), ("0", 1_763_600_000), ("x", 1_763_600_000),
        ]
    )
    func times(_ told: String, _ seconds: Int64) throws {
        let expected = Timestamp(microseconds: seconds * 1_000_000)
        let message = #""messages":[{"id":"wamid.1","from":"22990000001","type":"text","#
        let text = #""text":{"body":"a"},"timestamp":"\#(told)"}]"#
        guard case .said(let utterance) = try meanings(message + text)[0] else {
            return #expect(Bool(false))
        }
        #expect(utterance.at == expected)
        let status = #""statuses":[{"id":"wamid.1","status":"sent","timestamp":"\#(told)"}]"#
        guard case .moved(let note) = try meanings(status)[0] else { return #expect(Bool(false)) }
        #expect(note.at == expected)
    }

    @Test func theMessageThatIsAnswered() throws {
        let text = #""type":"text","text":{"body":"a"},"context":{"id":"wamid.9"}"#
        #expect(try utterance(text)?.context == ["wamid.9"])
        let reaction = #""type":"reaction","reaction":{"message_id":"wamid.8","emoji":"👍"}"#
        #expect(try utterance(reaction)?.context == ["wamid.8"])
    }

    @Test func aReactionThatIsTakenBackIsNothing() throws {
        let meanings = try meanings(
            #""messages":[{"id":"1","from":"22990000001","type":"reaction","reaction":{"message_id":"0","emoji":""}}]"#
        )
        #expect(meanings == [.nothing])
    }

    @Test func groupsAreNotAnswered() throws {
        let meanings = try meanings(
            #""messages":[{"id":"1","from":"22990000001","group_id":"g","type":"text","text":{"body":"STOP"}}]"#
        )
        #expect(meanings == [.nothing])
    }

    @Test func aTextFitsTheDatabase() throws {
        let text = String(repeating: "é", count: 5000) + #"\u0000"#
        let utterance = try #require(
            try utterance(#""type":"text","text":{"body":"\#("\\u0000" + text)"}"#)
        )
        let content = try #require(utterance.content)
        #expect(content.count <= 4096)
        #expect(!content.utf8.contains(0))
    }

    @Test func aStatusWithoutATimeTookPlaceWhenItCame() throws {
        let meanings = try meanings(#""statuses":[{"id":"wamid.1","status":"read"}]"#)
        guard case .moved(let note) = meanings[0] else {
            Issue.record("\(meanings)")
            return
        }
        #expect(note.status == .read)
        #expect(note.at == Timestamp(microseconds: 1_763_600_000_000_000))
    }

    @Test func aReceiptTellsEveryNameOfItsPerson() throws {
        let meanings = try meanings(
            #""contacts":[{"wa_id":"22990000001","user_id":"BJ.1","parent_user_id":"BJ.ENT.1"}],"#
                + #""statuses":[{"id":"wamid.1","status":"read","recipient_id":"22990000001"}]"#
        )
        guard case .moved(let note) = meanings[0] else {
            Issue.record("\(meanings)")
            return
        }
        let kinds = note.recipient.identities.map(\.kind)
        #expect(kinds == [.waID, .bsuid, .parentBSUID])
    }

    @Test(
        "A call is heard of once it rings, and from whom; our own is nothing",
        arguments: [("from", true), ("recipient_id", false)]
    )
    func calls(_ member: String, _ isHeard: Bool) throws {
        let call = #""calls":[{"id":"c","event":"connect","\#(member)":"22990000001"}]"#
        let meanings = try meanings(call, field: "calls")
        guard isHeard else { return #expect(meanings == [.nothing]) }
        guard case .said(let utterance) = meanings[0] else {
            Issue.record("\(meanings)")
            return
        }
        #expect(utterance.kind == .call && utterance.providerID == "c")
    }

    @Test func whatNobodyKnowsIsUnknown() throws {
        #expect(try meanings(#""flows":[{"id":"1"}]"#, field: "flows") == [.unknown])
        let event = try Provider.waha.events(in: Array(#"{"new":true}"#.utf8))
        #expect(
            event.map { Meaning($0, from: .waha, received: Self.received) } == [.unknown]
        )
    }

    @Test func anEventWithoutAnyTimeTookPlaceWhenItWasReceived() throws {
        let body = #"{"event":"session.status","session":"s","payload":{"status":"FAILED"}}"#
        let events = try Provider.waha.events(in: Array(body.utf8))
        guard case .channel(let news) = Meaning(events[0], from: .waha, received: Self.received)
        else {
            Issue.record("\(events)")
            return
        }
        #expect(news.at == Self.received)
    }
}

@Suite("News that pauses a channel or lets it go on", .timeLimit(.minutes(60)))
struct ChannelNewsTests {
    private static let at = Timestamp(microseconds: 0)

    private func session(_ status: String) throws -> ChannelNews? {
        let body = #"{"event":"session.status","session":"s","payload":{"status":"\#(status)"}}"#
        guard case .session(let update) = try Provider.waha.events(in: Array(body.utf8))[0].kind
        else { return nil }
        return ChannelNews(update, at: Self.at)
    }

    private func account(_ field: String, _ value: String) throws -> ChannelNews? {
        let body = #"{"entry":[{"id":"w","changes":[{"field":"\#(field)","value":{\#(value)}}]}]}"#
        guard case .account(let update) = try Provider.meta.events(in: Array(body.utf8))[0].kind
        else { return nil }
        return ChannelNews(update, from: .meta, at: Self.at)
    }

    private func pauses(_ news: ChannelNews?) -> Bool {
        guard case .pause(let reason) = news?.verdict else { return false }
        return !reason.french.isEmpty && !reason.english.isEmpty && reason.code != nil
    }

    @Test(arguments: ["SCAN_QR_CODE", "STOPPED", "FAILED"])
    func sessionsThatCannotSend(_ status: String) throws {
        #expect(pauses(try session(status)))
    }

    @Test func sessionsThatCan() throws {
        #expect(try session("WORKING")?.verdict == .resume)
        #expect(try session("STARTING") == nil)
    }

    private static let stopped: [(String, String)] = [
        (
            "account_update",
            #""event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"DISABLE"}"#
        ),
        ("account_update", #""event":"ACCOUNT_RESTRICTION""#),
        (
            "account_update",
            #""event":"ACCOUNT_RESTRICTION","restriction_info":"#
                + #"[{"restriction_type":"RESTRICTED_BIZ_INITIATED_MESSAGING"}]"#
        ),
        ("account_update", #""event":"ACCOUNT_OFFBOARDED""#),
        ("account_update", #""event":"ACCOUNT_DELETED""#),
        ("account_review_update", #""decision":"REJECTED""#),
        ("messages", #""errors":[{"code":131031,"title":"Account locked"}]"#),
    ]

    @Test(
        arguments: stopped
    )
    func accountsThatCannotSend(_ field: String, _ value: String) throws {
        #expect(pauses(try account(field, value)))
    }

    @Test func accountsThatCanAgain() throws {
        let ban = #""event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"REINSTATE"}"#
        #expect(try account("account_update", ban)?.verdict == .resume)
        #expect(try account("account_review_update", #""decision":"APPROVED""#)?.verdict == .resume)
        let back = #""event":"ACCOUNT_RECONNECTED""#
        #expect(try account("account_update", back)?.verdict == .resume)
    }

    @Test("A restriction whose end is known ends by itself")
    func restrictionsThatEnd() throws {
        let value = #""event":"ACCOUNT_RESTRICTION","restriction_info":["#
        let messaging = #"{"restriction_type":"RESTRICTED_BIZ_INITIATED_MESSAGING","expiration":"#
        let until = Timestamp(microseconds: 1_763_700_000_000_000)
        let news = try account("account_update", value + messaging + "1763700000}]")
        guard case .rest(until, let reason) = news?.verdict else {
            Issue.record("\(String(describing: news))")
            return
        }
        #expect(reason.detail == "ACCOUNT_RESTRICTION: RESTRICTED_BIZ_INITIATED_MESSAGING")
    }

    private typealias Noted = (field: String, value: String, limit: String?, warning: String)

    private static let quality = "phone_number_quality_update"
    private static let restriction =
        #""event":"ACCOUNT_RESTRICTION","restriction_info":"#
        + #"[{"restriction_type":"RESTRICTED_ADD_PHONE_NUMBER_ACTION"}]"#

    private static let noted: [Noted] = [
        (quality, #""event":"FLAGGED","current_limit":"TIER_2K""#, "TIER_2K", "new"),
        (quality, #""event":"DOWNGRADE","current_limit":"TIER_250""#, "TIER_250", "new"),
        (quality, #""event":"UPGRADE","current_limit":"TIER_10K""#, "TIER_10K", "over"),
        (quality, #""event":"UNFLAGGED""#, nil, "over"),
        (quality, #""event":"THROUGHPUT_UPGRADE","current_limit":"T""#, "T", "same"),
        (
            "business_capability_update",
            #""max_daily_conversations_per_business":"TIER_2K""#, "TIER_2K", "same"
        ),
        ("account_update", #""event":"ACCOUNT_VIOLATION""#, nil, "new"),
        (
            "account_alerts", #""alert_info":{"alert_type":"A","alert_severity":"CRITICAL"}"#,
            nil, "new"
        ),
        ("account_update", restriction, nil, "new"),
    ]

    @Test("News that warns and lets sending go on", arguments: noted)
    func notes(_ field: String, _ value: String, _ limit: String?, _ warning: String) throws {
        guard case .note(let note) = try account(field, value)?.verdict else {
            Issue.record("\(field) \(value)")
            return
        }
        #expect(note.limit == limit)
        #expect(String(describing: note.warning).prefix { $0 != "(" } == warning)
        if case .new(let reason) = note.warning {
            #expect(!reason.french.isEmpty && !reason.english.isEmpty && reason.detail != nil)
        }
    }

    private static let harmless: [(String, String)] = [
        ("account_update", #""event":"VERIFIED_ACCOUNT""#),
        (
            "account_alerts",
            #""alert_info":{"alert_type":"OBA_APPROVED","alert_severity":"INFORMATIONAL"}"#
        ),
        ("messages", #""errors":[{"code":130429,"title":"Rate limit"}]"#),
    ]

    @Test(
        arguments: harmless
    )
    func newsAfterWhichSendingGoesOn(_ field: String, _ value: String) throws {
        #expect(try account(field, value) == nil)
    }
}
