import Measurement
import Testing

@Suite struct StintTests {
    @Test func readsWhatAWorkerPrints() throws {
        let stint = try Stint(parsing: #"{"count":20,"started":12.5,"ended":14.5}"#)
        #expect(stint == Stint(count: 20, started: 12.5, ended: 14.5))
    }

    @Test(arguments: ["", "{}", #"{"count":20,"started":None,"ended":14.5}"#])
    func refuses(line: String) {
        #expect(throws: Failure.self) { try Stint(parsing: line) }
    }

    @Test func aRateIsFromTheFirstStartToTheLastEnd() {
        let stints = [
            Stint(count: 30, started: 1, ended: 3), Stint(count: 10, started: 2, ended: 5),
        ]
        #expect(stints.count == 40)
        #expect(stints.perSecond == 10)
    }

    @Test func aWorkerThatFoundNothingToDoDoesNotCount() {
        let stints = [
            Stint(count: 30, started: 1, ended: 3), Stint(count: 0, started: 0.5, ended: 0),
        ]
        #expect(stints.perSecond == 15)
    }

    @Test func nothingDoneIsARateOfNothing() {
        #expect([Stint]().perSecond == 0)
        #expect([Stint(count: 0, started: 1, ended: 2)].perSecond == 0)
        #expect([Stint(count: 1, started: 1, ended: 1)].perSecond == 0)
    }
}
