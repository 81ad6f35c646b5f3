import Testing

@testable import Inbound

@Suite("Words to leave and to come back", .timeLimit(.minutes(60)))
struct OptOutWordTests {
    @Test(
        "The word alone, however it is written",
        arguments: [
            "STOP", "stop", "Stop", " stop ", "STOP.", "Stop !", "«\u{A0}stop\u{A0}»", "\"STOP\"",
            "\nstop\n", "stop\u{200E}", "🛑 STOP 🛑", "ARRET", "arrêt", "ARRÊT", "arre\u{302}t",
            "DÉSABONNER", "desabonner", "De\u{301}sabonner", "désabonner…", "UNSUBSCRIBE",
            "unsubscribe!", "s\u{200B}top", "s t o p", "S.T.O.P.", "dés abonner",
        ]
    )
    func leaving(_ text: String) {
        #expect(OptOutWord(text) == .leave)
    }

    @Test(arguments: ["START", "start", " Start.", "REPRENDRE", "reprendre !"])
    func comingBack(_ text: String) {
        #expect(OptOutWord(text) == .comeBack)
    }

    @Test(
        "Anything else is a sentence",
        arguments: [
            "", " ", "stop ça", "please stop", "STOPPER", "stops", "non stop", "arrêter", "arrete",
            "désabonné", "se désabonner", "starter", "STOP START", "1stop", "stop1", "🛑", "...",
            String(repeating: " ", count: 10_000) + "stop",
        ]
    )
    func sentences(_ text: String) {
        #expect(OptOutWord(text) == nil)
    }
}
