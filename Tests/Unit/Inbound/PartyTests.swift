import Contacts
import Providers
import Testing

@testable import Inbound

@Suite("Contacts by their names", .timeLimit(.minutes(60)))
struct PartyTests {
    private func party(waID: String?, userID: String? = nil) throws -> Party {
        let names = [waID.map { #""from":"\#($0)""# }, userID.map { #""from_user_id":"\#($0)""# }]
        let body = """
            {"entry":[{"id":"w","changes":[{"field":"messages","value":{"messages":[{"id":"1",\
            \(names.compactMap { $0 }.joined(separator: ",")),"type":"text","text":{"body":"a"}}]}}]}]}
            """
        guard case .message(let message) = try Provider.meta.events(in: Array(body.utf8))[0].kind
        else { throw PartyMissing() }
        return message.sender
    }

    private struct PartyMissing: Error {}

    @Test(
        "A number is looked for in all its forms, the provider's own first",
        arguments: [
            ("22997000000", ["+22997000000", "+2290197000000"]),
            ("2290197000000", ["+2290197000000", "+22997000000"]),
            ("33612345678", ["+33612345678"]),
        ]
    )
    func phones(_ waID: String, _ phones: [String]) throws {
        #expect(try party(waID: waID).phones.map(\.text) == phones)
    }

    @Test func aUserIDIsNoNumber() throws {
        #expect(try party(waID: nil, userID: "BJ.13491208655302741918").phones.isEmpty)
    }
}
