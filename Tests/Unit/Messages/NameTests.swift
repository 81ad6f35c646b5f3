import Database
import FunctionContract
import Providers
import SeededRandom
import Testing

@testable import Messages

struct LinkTokenTests {
    @Test("a token says which message and which link, in 23 characters that need no escaping")
    func roundTrips() {
        for position in [0, 1, 255] {
            let token = LinkToken(message: .v7(), position: position)
            #expect(LinkToken(token.text) == token)
            #expect(token.text.utf8.count == 23)
        }
    }

    @Test("what we never wrote is no token", arguments: ["", "a", "%%%", "AAAA", "é"])
    func refuses(text: String) {
        #expect(LinkToken(text) == nil)
    }
}

struct AttemptReferenceTests {
    @Test("a reference comes back as it was given")
    func roundTrips() {
        let reference = AttemptReference(message: .v7(), attempt: 7)
        #expect(AttemptReference(reference.text) == reference)
        #expect(reference.text.utf8.count <= 512)
    }

    @Test(
        "what others write is no reference",
        arguments: [
            nil, "", "campaign:42:m1", "00000000-0000-0000-0000-000000000000",
            "00000000-0000-0000-0000-000000000000.0", "00000000-0000-0000-0000-000000000000.-1",
            "00000000-0000-0000-0000-000000000000.99999999999", "x.1",
            "00000000-0000-0000-0000-000000000000.1.2",
        ] as [String?]
    )
    func refuses(text: String?) {
        #expect(AttemptReference(text) == nil)
    }
}

struct ReasonTests {
    @Test("a reason is stored and read again")
    func roundTrips() {
        let reason = Reason(code: "131026", detail: "\"x\"\n", french: "Numéro", english: "Number")
        #expect(Reason(stored: reason.stored) == reason)
        #expect(Reason(stored: nil) == nil)
        #expect(Reason(stored: "{}") == nil)
    }
}
