import FunctionContract
import Providers
import Testing

@testable import ProviderSimulator

@Suite struct BehaviourTests {
    private static let everything = #"""
        {"latency": {"lognormal": {"median": 50, "sigma": 1}},
         "errors": [{"share": 0.1, "code": 131000}, {"share": 0.1, "code": 130429}],
         "lost": {"reset": 0.1, "silence": 0.1, "taken": 0.5}, "absent": 0.1,
         "receipts": {"sent": {"uniform": [1, 9]}, "readShare": 0.5,
                      "failures": [{"share": 0.1, "code": 131049}]},
         "replies": {"share": 0.5, "stopShare": 0.2, "reactionShare": 0.2},
         "disorder": {"duplicateShare": 0.3, "outOfOrderShare": 0.3, "beforeReplyShare": 0.3}}
        """#

    @Test func decidesTheSameForTheSameSeedInAnyOrder() throws {
        let behaviour = Behaviour(seed: 7, scenario: try scenario(Self.everything))
        let sends = (0..<200).map { ("+2289\($0 / 3)", $0 % 3) }
        let forwards = sends.map { behaviour.decision(on: $0.0, attempt: $0.1) }
        let again = Behaviour(seed: 7, scenario: try scenario(Self.everything))
        let backwards = sends.reversed().map { again.decision(on: $0.0, attempt: $0.1) }
        #expect(forwards == backwards.reversed())
        let other = Behaviour(seed: 8, scenario: try scenario(Self.everything))
        #expect(forwards != sends.map { other.decision(on: $0.0, attempt: $0.1) })
    }

    @Test func aRuleChangesOnlyWhatItIsAbout() throws {
        let plain = Behaviour(seed: 7, scenario: try scenario(Self.everything))
        var changed = plain
        changed.scenario.rules.lost.resetShare = 0.4
        changed.scenario.rules.replies.stopShare = 0.9
        for attempt in 0..<200 {
            let before = plain.decision(on: "+1", attempt: attempt)
            let after = changed.decision(on: "+1", attempt: attempt)
            #expect(before.latency == after.latency)
            #expect(before.receipts == after.receipts)
            #expect(before.reply?.delay == after.reply?.delay)
        }
    }

    @Test(arguments: [
        (#"{"lost": {"reset": 1}}"#, Decision.Fate.reset(isTaken: true)),
        (#"{"lost": {"reset": 1, "taken": 0}}"#, .reset(isTaken: false)),
        (#"{"lost": {"silence": 1}}"#, .silence(isTaken: true)),
        (
            #"{"errors": [{"share": 1, "code": 4, "retryAfter": 3}]}"#,
            .refused(ErrorRule(share: 1, code: 4, retryAfterSeconds: 3))
        ),
        ("{}", .accepted),
    ])
    func meetsTheFateOfTheScenario(json: String, fate: Decision.Fate) throws {
        let decision = try decide(json)
        #expect(decision.fate == fate)
    }

    @Test(arguments: [
        ("{}", ["0 sent", "0 delivered"]),
        (
            #"{"receipts": {"sent": 10, "delivered": 20, "read": 30, "readShare": 1}}"#,
            ["10 sent", "30 delivered", "60 read"]
        ),
        (#"{"receipts": {"sent": 5, "deliveredShare": 0, "readShare": 1}}"#, ["5 sent"]),
        (
            #"{"receipts": {"sent": 5, "failures": [{"share": 1, "code": 131049}]}}"#,
            ["5 failed 131049"]
        ),
        (#"{"absent": 1, "receipts": {"sent": 5}}"#, ["5 failed 131026"]),
        (
            #"""
            {"receipts": {"sent": 1, "delivered": 2, "read": 3, "readShare": 1},
             "disorder": {"outOfOrderShare": 1}}
            """#,
            ["1 read", "3 delivered", "6 sent"]
        ),
        (
            #"{"disorder": {"duplicateShare": 1, "duplicateDelay": 7}}"#,
            ["0 sent again 7", "0 delivered again 7"]
        ),
    ])
    func sendsReceiptsAsTheScenarioSays(json: String, expected: [String]) throws {
        let receipts = try decide(json).receipts.map { receipt in
            let code = receipt.failure?.code.map { " \($0)" } ?? ""
            let again = receipt.duplicateAfter.map { " again \($0)" } ?? ""
            return "\(receipt.delay) \(receipt.status)\(code)\(again)"
        }
        #expect(receipts == expected)
    }

    @Test(
        arguments: [
            (#"{"replies": {"share": 1, "texts": ["Oui"], "delay": 9}}"#, 0, .text("Oui")),
            (#"{"replies": {"share": 1, "stopShare": 1}}"#, 3, .text("STOP")),
            (#"{"replies": {"share": 1, "reactionShare": 1}}"#, 3, .reaction("👍")),
            (#"{"replies": {"share": 1}}"#, 1, .button(0)),
            (#"{"replies": {"share": 1, "buttonShare": 0, "texts": ["Oui"]}}"#, 1, .text("Oui")),
            ("{}", 1, nil), (#"{"replies": {"share": 1}, "absent": 1}"#, 0, nil),
            (#"{"replies": {"share": 1}, "receipts": {"deliveredShare": 0}}"#, 0, nil),
        ] as [(String, Int, PlannedReply.Kind?)]
    )
    func peopleAnswerAsTheScenarioSays(
        json: String,
        buttons: Int,
        expected: PlannedReply.Kind?
    ) throws {
        #expect(try decide(json, buttons: buttons).reply?.kind == expected)
    }

    @Test func sharesComeOutAboutRight() throws {
        let behaviour = Behaviour(seed: 3, scenario: try scenario(Self.everything))
        let count = 20_000
        let decisions = (0..<count).map { behaviour.decision(on: "+\($0)", attempt: 0) }
        func share(_ holds: (Decision) -> Bool) -> Double {
            Double(decisions.count(where: holds)) / Double(count)
        }
        let isReset = share { if case .reset = $0.fate { true } else { false } }
        #expect(abs(isReset - 0.1) < 0.01)
        #expect(abs(share { $0.fate == .accepted } - 0.6) < 0.01)
        #expect(abs(share(\.tellsBeforeReplying) - 0.3) < 0.01)
        #expect(abs(share { $0.receipts.first?.failure?.code == 131_026 } - 0.1) < 0.01)
        let latencies = decisions.map(\.latency).sorted()
        #expect(abs(latencies[count / 2] - 50) <= 2)
    }

    @Test func whoIsAbsentIsAbsentAlways() throws {
        let behaviour = Behaviour(seed: 3, scenario: try scenario(#"{"absent": 0.5}"#))
        for person in 0..<50 {
            let isAbsent = behaviour.isAbsent("+\(person)")
            for attempt in 0..<5 {
                let decision = behaviour.decision(on: "+\(person)", attempt: attempt)
                #expect((decision.receipts.first?.status == .failed) == isAbsent)
            }
        }
    }

    @Test func singlePeopleHaveRulesOfTheirOwn() throws {
        let json = #"{"latency": 5, "people": {"1": {"lost": {"reset": 1}}}}"#
        let behaviour = Behaviour(seed: 3, scenario: try scenario(json))
        #expect(behaviour.decision(on: "+1", attempt: 0).fate == .reset(isTaken: true))
        #expect(behaviour.decision(on: "+1", attempt: 0).latency == 5)
        #expect(behaviour.decision(on: "+2", attempt: 0).fate == .accepted)
    }

    private func decide(_ json: String, buttons: Int = 0) throws -> Decision {
        Behaviour(seed: 1, scenario: try scenario(json))
            .decision(on: "+22890123456", attempt: 0, buttons: buttons)
    }
}

func scenario(_ json: String) throws -> Scenario {
    try Scenario(JSONParser.parse(Array(json.utf8)))
}
