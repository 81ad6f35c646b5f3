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

    @Test func eventByEventIsTheSame() throws {
        let part = Part(of: [try webhook(2), try webhook(0), try webhook(1)])
        #expect(part.singles.map { ranges($0)[0] } == [0..<1, 1..<2, 0..<0, 0..<1])
        #expect(part.singles.allSatisfy { $0.isSingle })
        #expect(part.singles[0].failed("words").slices[0].failure == "words")
    }
}
