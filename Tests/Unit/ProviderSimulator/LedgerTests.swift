import FunctionContract
import Providers
import Testing

@testable import ProviderSimulator

@Suite struct LedgerTests {
    private let account = Account(.meta, "106", secret: "s")

    @Test(
        arguments: [
            ("campaign:42:r:77:m1", nil, "m1"), ("7f3a", "promo", "promo"), (nil, "promo", "promo"),
            ("a:", nil, "text 2e68fd6b2a41fb18b6a5e1ba5bb5bfbb"),
        ] as [(String?, String?, String)]
    )
    func namesTheStepOfAMessage(reference: String?, template: String?, step: String) {
        var send = Send(account, to: "+1", "text", "hi", reference: reference)
        send.template = template
        let isByContent = step.hasPrefix("text ")
        #expect(isByContent ? send.step.hasPrefix("text ") : send.step == step)
    }

    @Test func theStepOfAContentIsThatOfTheSameContentOnly() {
        let steps = ["a", "a", "b"].map { Send(account, to: "+1", "text", .string($0)).step }
        #expect(steps[0] == steps[1] && steps[0] != steps[2])
    }

    @Test(arguments: [
        ("+22890123456", "+22890123456"), ("22890123456", "+22890123456"),
        ("22890123456@c.us", "+22890123456"), ("22890123456@s.whatsapp.net", "+22890123456"),
        ("phone:+22890123456", "+22890123456"), ("1203@g.us", "1203@g.us"),
        ("US.1349", "US.1349"), ("", ""),
    ])
    func knowsOnePersonByEverySpelling(text: String, expected: String) {
        #expect(number(text) == expected)
    }

    @Test func keepsEveryEntryInOrder() throws {
        let ledger = Ledger()
        for place in 0..<5 { try ledger.record(entry("+\(place)", "m1")) }
        let page = try JSONParser.parse(ledger.page(since: 1, limit: 3))
        #expect(page["entries"]?.array?.compactMap { $0["n"]?.integer } == [2, 3, 4])
        #expect(page["entries"]?[0]?["recipient"] == "+1")
        #expect(page["next"] == 4 && page["total"] == 5)
        let rest = try JSONParser.parse(ledger.page(since: 4, limit: 100))
        #expect(rest["entries"]?.array?.count == 1)
        let none = try JSONParser.parse(ledger.page(since: 99, limit: 100))
        #expect(none["entries"]?.array?.isEmpty == true && none["next"] == 5)
    }

    @Test func countsWhatWentOutMoreThanOnce() throws {
        let ledger = Ledger()
        try ledger.record(entry("+1", "m1"))
        try ledger.record(entry("+1", "m1", outcome: "reset", isTaken: true))
        try ledger.record(entry("+1", "m2"))
        try ledger.record(entry("+2", "m1", outcome: "error", isTaken: false))
        try ledger.record(entry("+2", "m1"))
        let json = JSON.object(ledger.counts.json(withRecipients: true))
        #expect(json["received"] == 5 && json["taken"] == 4 && json["recipients"] == 2)
        #expect(json["duplicateCount"] == 1)
        #expect(
            json["duplicates"]
                == [["account": "106", "recipient": "+1", "step": "m1", "taken": 2]]
        )
        #expect(json["outcomes"] == ["accepted": 3, "error": 1, "reset": 1])
        #expect(json["steps"]?["m1"] == ["received": 4, "taken": 3])
        #expect(json["counts"]?["+1"] == ["m1": 2, "m2": 1])
    }

    @Test(arguments: [
        ("7f3a.2", "7f3a"), ("a.b.12", "a.b"), ("7f3a", "7f3a"), ("7f3a.", "7f3a."),
        ("c:1:m1", "c:1:m1"), (nil, nil),
    ])
    func knowsAMessageWhateverTheAttempt(reference: String?, message: String?) {
        #expect(Send(account, to: "+1", "text", "hi", reference: reference).message == message)
    }

    @Test func namesTheMessagesThatWentOutMoreThanOnce() throws {
        let ledger = Ledger()
        for step in ["a.1", "a.2", "b.1"] { try ledger.record(entry("+1", step)) }
        try ledger.record(entry("+1", "b.2", outcome: "reset", isTaken: false))
        let json = JSON.object(ledger.counts.json(withRecipients: false))
        #expect(json["repeatedMessageCount"] == 1)
        #expect(json["repeatedMessages"] == ["r:a": 2])
    }

    @Test func isFullAtItsLimitAndEmptyAfterAReset() throws {
        let ledger = Ledger(limit: 2)
        try ledger.record(entry("+1", "m1"))
        #expect(!ledger.isFull)
        try ledger.record(entry("+2", "m1"))
        #expect(ledger.isFull)
        ledger.reset()
        #expect(ledger.count == 0 && ledger.counts.received == 0 && !ledger.isFull)
    }

    private func entry(
        _ recipient: String,
        _ step: String,
        outcome: String = "accepted",
        isTaken: Bool = true
    ) -> LedgerEntry {
        LedgerEntry(
            number: 0,
            at: Timestamp(milliseconds: 1),
            send: Send(account, to: recipient, "text", "hi", reference: "r:\(step)"),
            path: "/v26.0/106/messages",
            bodyDigest: "d",
            attempt: 0,
            outcome: outcome,
            isTaken: isTaken,
            id: isTaken ? "wamid" : nil
        )
    }
}
