import FunctionContract
import Providers
import Testing

@testable import ProviderSimulator

@Suite struct ScenarioTests {
    @Test func readsEveryMember() throws {
        let scenario = try scenario(
            #"""
            {"preset": "demo", "latency": {"uniform": [10, 20]}, "secret": "s", "completion": "oui",
             "rates": {"account": {"perSecond": 80, "burst": 100}, "pair": {"perSecond": 0.5}},
             "templates": {"review": 5, "rejectShare": 1, "strict": true, "window": true},
             "retries": {"attempts": 3, "first": 10, "factor": 3, "longest": 50, "timeout": 7,
                         "connections": 2},
             "accounts": [{"provider": "meta", "id": "1", "business": "2", "phone": "+3",
                           "channel": "k", "token": "t"}]}
            """#
        )
        #expect(scenario.rules.latency == .uniform(10...20))
        #expect(scenario.rules.receipts.readShare == 0.65)
        #expect(scenario.rates.account == RateLimiter.Rate(perSecond: 80, burst: 100))
        #expect(scenario.rates.pair == RateLimiter.Rate(perSecond: 0.5, burst: 1))
        #expect(scenario.templates.isStrict && scenario.templates.enforcesWindow)
        #expect(scenario.completion == "oui")
        #expect((1...4).map(scenario.retries.wait) == [10, 30, nil, nil])
        let account = scenario.account(.meta, "1")
        #expect(account.channel == "k" && account.secret == "s" && account.token == "t")
        #expect(account.businessID == "2" && account.phone == "+3")
    }

    @Test func makesUpAccountsThatNobodyDescribed() {
        let account = Scenario().account(.waha, "main")
        #expect(account.channel == "main")
        #expect(account.secret == Scenario.defaultSecret)
        #expect(account.token == nil)
    }

    @Test(arguments: [
        (#"{"latence": 5}"#, #"unknown "latence"; known are latency, errors, lost, receipts"#),
        (#"{"preset": "x"}"#, #"preset: expected one of demo, perfect, rough, found "x""#),
        (#"{"latency": -1}"#, "latency: expected milliseconds up to an hour"),
        (#"{"latency": {"uniform": [5, 1]}}"#, "latency.uniform: expected [from, to]"),
        (#"{"lost": {"reset": 1.5}}"#, "lost.reset: expected a share from 0 to 1, found 1.5"),
        (
            #"{"lost": {"reset": 0.6}, "errors": [{"share": 0.6}]}"#,
            "errors: the shares, lost ones included, exceed 1"
        ),
        (#"{"errors": {}}"#, "errors: expected a list, found {}"),
        (#"{"errors": [{"status": 200}]}"#, "errors[0].status: expected a number from 400 to 599"),
        (#"{"people": {"+1": {"absent": 2}}}"#, "people.+1.absent: expected a share"),
        (#"{"accounts": [{"id": "1"}]}"#, "accounts[0].provider: expected one of meta, "),
        (#"{"accounts": [{"provider": "waha"}]}"#, "accounts[0].id: expected the provider's id"),
        (#"{"replies": {"texts": []}}"#, "replies.texts: expected a list of texts, found []"),
        ("[]", "expected an object, found an array"),
    ])
    func saysWhatIsWrongAndWhere(json: String, complaint: String) throws {
        let error = #expect(throws: ScenarioError.self) { try scenario(json) }
        #expect(error?.description.hasPrefix(complaint) == true, "\(String(describing: error))")
    }

    @Test(arguments: Scenario.presets.map(\.name))
    func presetsAreWithinTheirOwnRules(name: String) throws {
        let preset = try scenario(#"{"preset": "\#(name)"}"#)
        #expect(preset == Scenario.preset(name))
    }

    @Test(arguments: [
        (#"{"a": 1, "b": {"c": 2}}"#, #"{"b": {"d": 3}}"#, #"{"a":1,"b":{"c":2,"d":3}}"#),
        (#"{"a": [1, 2]}"#, #"{"a": [3]}"#, #"{"a":[3]}"#),
        (#"{"a": 1, "b": 2}"#, #"{"a": null}"#, #"{"b":2}"#),
        (#"{"a": 1}"#, #"{"a": {"b": 1}}"#, #"{"a":{"b":1}}"#),
    ])
    func changesAreMergePatches(before: String, patch: String, after: String) throws {
        let merged = try JSONParser.parse(Array(before.utf8))
            .merging(JSONParser.parse(Array(patch.utf8)))
        #expect(merged == (try JSONParser.parse(Array(after.utf8))))
    }
}
