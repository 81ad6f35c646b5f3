import Testing

@testable import ProviderSimulator

@Suite struct OptionsTests {
    @Test func readsEveryOptionInBothForms() throws {
        let options = try Options([
            "--port", "0", "--host=localhost", "--scenario", "rough", "--seed=42",
            "--webhook-base", "http://127.0.0.1:81", "--ledger=l.jsonl", "--quiet",
        ])
        #expect(options.port == 0 && options.host == "127.0.0.1" && options.scenario == "rough")
        #expect(options.seed == 42 && options.webhooks?.port == 81)
        #expect(options.ledgerPath == "l.jsonl" && options.isQuiet && options.request == nil)
    }

    @Test func hasDefaultsThatMeetALocalRunner() throws {
        let options = try Options([])
        #expect(options.port == 8090 && options.seed == nil && options.scenario == "demo")
        #expect(options.webhooks == WebhookAddress("http://127.0.0.1:8080"))
        #expect(try Options(["--webhook-base", "none"]).webhooks == nil)
    }

    @Test(arguments: [
        (["--prot", "1"], #"unknown option "--prot" (try --help)"#),
        (["serve"], #"unknown option "serve" (try --help)"#),
        (["--port"], "--port needs a value (try --help)"),
        (["--port", "70000"], #"--port: expected a number up to 65535, found "70000""#),
        (["--seed", "-1"], "--seed: expected a number up to 18446744073709551615, found \"-1\""),
        (["--quiet=yes"], "--quiet takes no value"),
        (
            ["--webhook-base", "http://example.com"],
            "--webhook-base: expected none or http://<address>:<port> with a numeric address, found"
                + " \"http://example.com\""
        ),
    ])
    func saysWhatIsWrong(words: [String], complaint: String) {
        #expect(throws: UsageError(complaint)) { try Options(words) }
    }

    @Test func theHelpNamesEveryOptionAndPreset() {
        let names = ["--port", "--host", "--scenario", "--seed", "--webhook-base", "--ledger"]
        for name in names + ["--quiet"] + Scenario.presets.map(\.name) {
            #expect(Options.help.contains(name))
        }
        #expect(Options.help.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }
}
