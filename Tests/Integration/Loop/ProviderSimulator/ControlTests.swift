import FunctionContract
import HTTPServer
import Providers
import Testing

@testable import ProviderSimulator

@Suite(.timeLimit(.minutes(60))) struct ControlTests {
    @Test func theScenarioChangesWhileItRuns() throws {
        let rig = try Rig(#"{"preset": "perfect", "latency": 1}"#)
        let patch = #"{"errors": [{"share": 1, "code": 131048}]}"#
        let changed = try rig.control("POST", "scenario", patch)
        #expect(changed.status == 200 && changed.json["latency"] == 1)
        #expect(try rig.control("GET", "scenario").json == changed.json)
        let client = try rig.connect()
        client.send(metaSend(to: "+22890123456"))
        let answer = try client.answer()
        #expect(answer.status == 429 && answer.text.contains("131048"))
        #expect(try rig.control("POST", "scenario", #"{"errors": null}"#).status == 200)
        client.send(metaSend(to: "+22890123456"))
        #expect(try client.answer().status == 200)
        try rig.close()
    }

    @Test func aWrongScenarioChangesNothing() throws {
        let rig = try Rig()
        let refused = try rig.control("POST", "scenario", #"{"latency": "slow"}"#)
        #expect(refused.status == 400)
        #expect(refused.json["error"]?["code"] == "invalid_scenario")
        #expect(try rig.control("POST", "scenario", "{").status == 400)
        #expect(try rig.control("GET", "scenario").json == [:])
        try rig.close()
    }

    @Test func resetForgetsEverythingThatWasAndWasToBe() throws {
        let rig = try Rig(#"{"receipts": {"sent": 60000}}"#)
        let client = try rig.connect()
        client.send(metaSend(to: "+22890123456"))
        _ = try client.answer()
        let before = try rig.control("GET", "summary").json
        #expect(before["received"] == 1 && before["webhooks"]?["planned"] == 2)
        #expect(try rig.control("POST", "reset").status == 200)
        let after = try rig.control("GET", "summary").json
        #expect(after["received"] == 0 && after["webhooks"]?["planned"] == 0)
        #expect(try rig.entries().isEmpty)
        try rig.close()
    }

    @Test func pagesThroughTheLedger() throws {
        let rig = try Rig()
        let client = try rig.connect()
        for place in 1...5 {
            client.send(metaSend(to: "+\(place)"))
            _ = try client.answer()
        }
        let page = try rig.control("GET", "ledger?since=3&limit=1").json
        #expect(page["entries"]?.array?.map { $0["recipient"] } == ["+4"])
        #expect(page["next"] == 4 && page["total"] == 5)
        for query in ["since=x", "since=-1", "limit=0", "limit=100000"] {
            #expect(try rig.control("GET", "ledger?\(query)").status == 400)
        }
        try rig.close()
    }

    @Test func tellsWhatBecameOfEachMessage() throws {
        let rig = try Rig(#"{"receipts": {"readShare": 1}, "replies": {"share": 1}}"#)
        let client = try rig.connect()
        for place in 1...3 {
            client.send(metaSend(to: "+\(place)"))
            _ = try client.answer()
        }
        try rig.loop.wait { rig.platform.deliveries.count == 12 }
        let page = try rig.control("GET", "messages?since=1&limit=1").json
        #expect(page["next"] == 2 && page["total"] == 3)
        let message = try #require(page["entries"]?[0])
        #expect(message["recipient"] == "+2" && message["reference"] == "c:m1")
        #expect(message["receipts"] == ["sent", "delivered", "read"])
        #expect(message["answers"]?.array?.count == 1)
        #expect(try rig.control("GET", "messages?limit=0").status == 400)
        try rig.close()
    }

    @Test func raisesEventsThatNobodySentAMessageFor() throws {
        let rig = try Rig()
        let events = [
            #"{"provider":"meta","account":"106","type":"message","from":"+1555","text":"Hé"}"#,
            #"{"provider":"waha","account":"s","type":"session","state":"SCAN_QR_CODE"}"#,
            #"""
            {"provider":"meta","account":"106","type":"account",
             "field":"phone_number_quality_update","value":{"event":"FLAGGED"}}
            """#,
        ]
        for event in events { #expect(try rig.control("POST", "events", event).status == 202) }
        try rig.loop.wait { rig.platform.deliveries.count == 3 }
        let kinds = try rig.platform.events().map(\.kind)
        guard case .message(let message) = kinds[0], case .session(let session) = kinds[1],
            case .account(let account) = kinds[2]
        else { throw Unexpected() }
        #expect(message.text == "Hé" && message.sender[.waID] == "1555")
        #expect(session.state == .needsPairing && account.event == "FLAGGED")
        try rig.close()
    }

    @Test func raisesAReactionToAMessage() throws {
        let rig = try Rig(#"{"receipts": {"sent": 60000}}"#)
        let client = try rig.connect()
        client.send(metaSend(to: "+22890123456"))
        let id = try #require(try JSONParser.parse(try client.answer().body).wamid)
        let event =
            #"{"provider":"meta","account":"106","type":"reaction","to":"\#(id)","reaction":"🙏"}"#
        #expect(try rig.control("POST", "events", event).status == 202)
        try rig.loop.wait { rig.platform.deliveries.count == 1 }
        guard case .reaction(let reaction) = try rig.platform.events()[0].kind else {
            throw Unexpected()
        }
        #expect(reaction.emoji == "🙏" && reaction.target.value == id)
        try rig.close()
    }

    @Test(arguments: [
        ("{}", "event.provider: expected one of meta"),
        (#"{"provider":"meta","account":"1","type":"fax"}"#, "event.type: expected message"),
        (#"{"provider":"meta","account":"1","type":"message"}"#, "event.from: it is missing"),
        (
            #"{"provider":"meta","account":"1","type":"reaction","to":"x","reaction":"y"}"#,
            #"event.to: no message "x" was sent"#
        ),
    ])
    func saysWhatIsWrongWithAnEvent(event: String, complaint: String) throws {
        let rig = try Rig()
        let answer = try rig.control("POST", "events", event)
        #expect(answer.status == 400)
        #expect(answer.json["error"]?["message"]?.string?.hasPrefix(complaint) == true)
        try rig.close()
    }

    @Test func templatesAreApprovedAfterTheirReview() throws {
        let rig = try Rig(#"{"templates": {"review": 1500, "strict": true}}"#)
        let client = try rig.connect()
        let template =
            #"{"name":"promo","language":"fr","category":"UTILITY","components":[{"type":"BODY"}]}"#
        let use = request(
            "POST",
            "/v26.0/106/messages",
            #"""
            {"messaging_product":"whatsapp","to":"+1","type":"template",
             "template":{"name":"promo","language":{"code":"fr"}}}
            """#
        )
        client.send(request("POST", "/v26.0/419/message_templates", template))
        #expect(try client.answer().status == 200)
        client.send(use)
        #expect(try client.answer().status == 404)
        try rig.loop.wait { rig.platform.deliveries.count == 1 }
        guard case .template(let update) = try rig.platform.events()[0].kind else {
            throw Unexpected()
        }
        #expect(update.change == .status("APPROVED", reason: nil))
        client.send(use)
        #expect(try client.answer().status == 200)
        try rig.close()
    }

    @Test func onlyWhoHasWrittenGetsMoreThanTemplatesWhenTheWindowCounts() throws {
        let rig = try Rig(#"{"templates": {"window": true}, "receipts": {"deliveredShare": 0}}"#)
        let client = try rig.connect()
        client.send(metaSend(to: "+1555"))
        let cold = try #require(try JSONParser.parse(try client.answer().body).wamid)
        let event =
            #"{"provider":"meta","account":"106","type":"message","from":"+1555","text":"a"}"#
        _ = try rig.control("POST", "events", event)
        client.send(metaSend(to: "+1555"))
        let warm = try #require(try JSONParser.parse(try client.answer().body).wamid)
        try rig.loop.wait { rig.platform.deliveries.count == 3 }
        #expect(try rig.platform.statuses(of: cold) == [.failed])
        #expect(try rig.platform.statuses(of: warm) == [.sent])
        try rig.close()
    }

    @Test func answersForItselfAndForNobody() throws {
        let rig = try Rig()
        let client = try rig.connect()
        for (path, status) in [("/_health", 200), ("/_simulator", 200), ("/elsewhere", 404)] {
            client.send(request("GET", path))
            #expect(try client.answer().status == status)
        }
        try rig.close()
    }

    @Test func drainingAnswersWhatWasTaken() throws {
        let rig = try Rig(#"{"latency": 40}"#)
        let client = try rig.connect()
        client.send(metaSend(to: "+22890123456"))
        try rig.loop.wait { rig.simulator.ledger.count == 1 }
        var isDrained = false
        rig.simulator.drain(graceMilliseconds: 60_000) { isDrained = true }
        #expect(try client.answer().status == 200)
        try rig.loop.wait { isDrained }
        client.close()
        rig.platform.server?.drain(graceMilliseconds: 100)
        try rig.loop.finish()
    }
}
