import FunctionContract
import Glibc
import Testing

@Suite("The log of the platform", .ownThread)
struct RunnerLogTests {
    @Test("Nobody waits for a log that nobody reads, and what is read later is complete")
    func unread() throws {
        let runner = try Runner(try FunctionFolder(.echo))
        defer { runner.end() }
        let client = try runner.connect()
        // Several times what a pipe holds.
        for _ in 0..<2_000 {
            client.send(Runner.request("GET", "/_health"))
            let limit = ContinuousClock.now + .seconds(60)
            var answer: RunnerAnswer?
            while answer == nil {
                try #require(ContinuousClock.now < limit, "no answer while the log is not read")
                client.move(waiting: 10)
                answer = client.takeAnswer()
            }
            #expect(answer?.status == 200)
        }
        try runner.waitUntil("the whole log") {
            runner.log.count { $0["event"]?.string == "request" } == 2_000
        }
    }
}
