import Measurement
import Testing

@Suite struct CaseTests {
    /// Hands out its values one after the other and notes whose turn it was.
    private final class Script {
        var turns: [String] = []

        func contender(_ name: String, _ role: Contender.Role, _ values: Double...) -> Contender {
            var rest = values[...]
            return Contender(name, role) { _ throws(Failure) in
                self.turns.append(name)
                guard let value = rest.popFirst() else { throw Failure("no more values") }
                return value
            }
        }
    }

    private let script = Script()

    private func benchmark(_ contenders: [Contender], budget: Budget = Budget()) -> Case {
        Case(
            name: "example",
            summary: "an example",
            unit: "requests/s",
            direction: .higherIsBetter,
            budget: budget,
            contenders: contenders
        )
    }

    @Test func takesSamplesInTurnAndReportsMedians() throws {
        let example = benchmark(
            [
                script.contender("ours", .ours, 10, 30, 20),
                script.contender("ours_other", .variant, 5, 5, 5),
                script.contender("bare-c", .peer, 40, 20, 80),
                Contender("node", .installedPeer, sample: nil),
            ],
            budget: Budget(ratios: ["bare-c": 0.5, "node": 2])
        )
        let report = try example.run(.full(runs: 3), machine: "test, 1 core") { _ in }
        let round = ["ours", "ours_other", "bare-c"]
        #expect(script.turns == round + round + round)
        let line = #"""
            {"case":"example","unit":"requests/s","ours":20,"ours_other":5,"peers":{"bare-c":40},\#
            "ratios":{"bare-c":0.5},"budget":{"bare-c":0.5,"node":2},"met":true,\#
            "missing":["node"],"runs":3,"machine":"test, 1 core"}
            """#
        #expect(report.jsonLine == line)
    }

    @Test func namesTheLimitBesideTheBudget() throws {
        let example = benchmark([script.contender("ours", .ours, 999)], budget: Budget(limit: 1000))
        let report = try example.run(.smoke, machine: "m") { _ in }
        #expect(!report.isMet)
        #expect(report.jsonLine.contains(#""budget":{},"limit":1000,"met":false"#))
    }

    @Test func aSmokeRunGoesWithoutPeersThatMustBeInstalled() throws {
        let example = benchmark([
            script.contender("ours", .ours, 1),
            script.contender("pipe-c", .peer, 1),
            script.contender("node", .installedPeer, 1),
        ])
        let report = try example.run(.smoke, machine: "m") { _ in }
        #expect(script.turns == ["ours", "pipe-c"])
        #expect(report.missing == ["node"])
    }

    @Test func installsEachPeerOnceAndGoesWithoutOneThatCannotBe() throws {
        var installed: [String] = []
        let example = benchmark([
            script.contender("ours", .ours, 1, 2, 3),
            Contender("celery", .installedPeer) { () throws(Failure) in
                installed.append("celery")
            } sample: { _ in
                4
            },
            Contender("fastapi", .installedPeer) { () throws(Failure) in
                throw Failure("no network")
            } sample: { _ in
                5
            },
        ])
        var told: [String] = []
        let report = try example.run(.full(runs: 3), machine: "m") { told.append($0) }
        #expect(installed == ["celery"])
        #expect(report.peers == [Measured("celery", 4)])
        #expect(report.missing == ["fastapi"])
        #expect(told.contains("example: goes without fastapi: no network"))
    }

    @Test func aSmokeRunInstallsNothing() throws {
        let example = benchmark([
            script.contender("ours", .ours, 1),
            Contender("celery", .installedPeer) { () throws(Failure) in
                Issue.record("installed in a smoke run")
            } sample: { _ in
                4
            },
        ])
        let report = try example.run(.smoke, machine: "m") { _ in }
        #expect(report.missing == ["celery"])
    }

    @Test func measuresNothingWhenOursIsNotBuilt() {
        let example = benchmark([
            Contender("ours", .ours, sample: nil), script.contender("pipe-c", .peer, 1),
        ])
        #expect(throws: Failure("example: what is to be measured is not built")) {
            try example.run(.smoke, machine: "m") { _ in }
        }
        #expect(script.turns.isEmpty)
    }

    @Test func aFailureNamesTheCaseAndTheContender() {
        let example = benchmark([
            script.contender("ours", .ours, 1), script.contender("pipe-c", .peer),
        ])
        #expect(throws: Failure("example, pipe-c: no more values")) {
            try example.run(.smoke, machine: "m") { _ in }
        }
    }

    @Test func aSampleOfNothingIsAFailure() {
        let example = benchmark([script.contender("ours", .ours, 0)])
        #expect(throws: Failure("example, ours: measured nothing")) {
            try example.run(.smoke, machine: "m") { _ in }
        }
    }
}
