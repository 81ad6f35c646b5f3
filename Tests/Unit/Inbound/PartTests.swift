import FunctionContract
import Providers
import Testing

@testable import Inbound

@Suite("Webhooks are read in parts", .timeLimit(.minutes(60)))
struct PartTests {
    private func webhook(
        _ count: Int,
        read: Int = 0,
        names: String = ""
    ) throws -> ClaimedWebhook {
        let messages = (0..<count).map { number in
            #"{"id":"m\#(number)","from":"336\#(12_000_000 + number)","type":"text","#
                + #""text":{"body":"a"}\#(names.replacing("#", with: "\(number)"))}"#
        }
        let body = """
            {"entry":[{"id":"w","changes":[{"field":"messages","value":{"messages":[\
            \(messages.joined(separator: ","))]}}]}]}
            """
        return ClaimedWebhook(
            ticket: InboxTicket(id: .v7(), workspace: .v7(), token: 1, attempts: 0, claims: 1),
            channel: .v7(),
            provider: .meta,
            receivedAt: Timestamp(milliseconds: 1_763_700_000_000),
            events: count == 0 ? [] : try Provider.meta.events(in: Array(body.utf8)),
            readCount: read
        )
    }

    private func ranges(_ part: Part) -> [Range<Int>] { part.slices.map(\.range) }

    @Test func aPartHasABoundedNumberOfEvents() throws {
        let part = Part(of: [try webhook(600)])
        #expect(ranges(part) == [0..<250])
        #expect(!part.slices[0].isLast)
        #expect(ranges(Part(of: [try webhook(600, read: 250)])) == [250..<500])
        let last = Part(of: [try webhook(600, read: 500)])
        #expect(ranges(last) == [500..<600])
        #expect(last.slices[0].isLast)
    }

    @Test func aPartHasABoundedNumberOfNames() throws {
        let hidden = #","from_user_id":"FR.#","from_parent_user_id":"P.#""#
        let part = Part(of: [try webhook(600, names: hidden)])
        #expect(ranges(part) == [0..<Part.nameLimit / 3])
    }

    @Test func severalWebhooksShareAPartAndTheRestIsGivenBack() throws {
        let webhooks = [try webhook(200), try webhook(0), try webhook(100), try webhook(1)]
        let part = Part(of: webhooks)
        #expect(ranges(part) == [0..<200, 0..<0, 0..<50])
        #expect(part.slices.map(\.isLast) == [true, true, false])
        #expect(part.rest.map(\.id) == [webhooks[3].ticket.id])
    }

    @Test func aWebhookThatSaysNothingIsRead() throws {
        let part = Part(of: [try webhook(0)])
        #expect(ranges(part) == [0..<0])
        #expect(part.isSingle)
        #expect(part.slices[0].isLast)
    }

    /// As the parts are read when every one of them fails.
    private func singles(_ part: Part) -> [Part] {
        part.isSingle ? [part] : singles(part.halves.first) + singles(part.halves.second)
    }

    @Test func halvesHoldTheSameEventsInTheSameOrder() throws {
        let part = Part(of: [try webhook(2), try webhook(0), try webhook(1)])
        let (first, second) = part.halves
        #expect(ranges(first) == [0..<2])
        #expect(ranges(second) == [0..<0, 0..<1])
        let singles = singles(part)
        #expect(singles.map { ranges($0) } == [[0..<1], [1..<2], [0..<0], [0..<1]])
        #expect(singles[0].failed("words").slices[0].failure == "words")
    }

    @Test func onlyTheLastHalfGivesTheRestBack() throws {
        let webhooks = [try webhook(300), try webhook(1), try webhook(1)]
        let whole = Part(of: [webhooks[0]])
        #expect(ranges(whole.halves.first) == [0..<125])
        #expect(ranges(whole.halves.second) == [125..<250])
        let part = Part(of: webhooks)
        #expect(part.rest.count == 2 && !part.isFollowed)
        let singles = singles(part)
        #expect(singles.filter(\.isFollowed).count == singles.count - 1)
        #expect(singles.last?.isFollowed == false)
        for single in singles { #expect(single.rest.map(\.id) == part.rest.map(\.id)) }
        let short = Part(of: [try webhook(1), webhooks[1], webhooks[2]])
        #expect(short.halves.first.rest.map(\.id) == webhooks.dropFirst().map(\.ticket.id))
        #expect(short.halves.second.rest.isEmpty)
    }
}
