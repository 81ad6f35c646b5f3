import Accounts
import Campaigns
import Database
import FunctionContract
import Messages
import Providers
import Sending
import Testing
import Work

/// How fast messages leave, as the provider sees it.
@Suite(.ownThread)
struct SenderPaceTests {
    private let database: MessagingDatabase

    init() throws {
        database = try MessagingDatabase()
    }

    /// In milliseconds, as the simulator tells the time.
    private static var now: Int { Int(Timestamp.now.milliseconds) }

    @Test("a rate is never exceeded in any window, by however many senders")
    func paces() throws {
        let provider = try SimulatedProvider()
        let pacing = Pacing(RateLimit(100, per: .seconds(1), burst: 5))
        let tenant = try Tenant(
            in: database,
            provider: .meta,
            baseURL: provider.baseURL,
            pacing: pacing
        )
        try tenant.addContacts(300)
        try tenant.startTransactional()
        let began = Self.now
        try runSenders(3, on: database)
        let times = try provider.times().sorted()
        #expect(times.count == 300)
        // The simulator sees a request late by whatever else this machine does, and never early:
        // from the beginning on the rate is exact.
        for (place, time) in times.enumerated() {
            #expect(time >= began + 10 * (place + 1 - 5) - 5, "message \(place)")
        }
        // In between, one that was seen late seems to be close to those behind it.
        let slack = 1000
        for first in times.indices {
            for last in first..<times.count {
                let span = times[last] - times[first] + slack
                #expect(last - first + 1 <= 5 + span / 10 + 1)
            }
        }
    }

    @Test("a channel that imitates a person sends one at a time, with pauses between lots")
    func goesOneByOne() throws {
        let provider = try SimulatedProvider()
        let pacing = Pacing(
            RateLimit(interval: .seconds(1)),
            jitterPercent: 20,
            lot: Pacing.Lot(size: 2, pause: .seconds(3))
        )
        let tenant = try Tenant(in: database, baseURL: provider.baseURL, pacing: pacing)
        try tenant.addContacts(4)
        try tenant.startTransactional()
        let began = Self.now
        #expect(try tenant.send().accepted == 4)
        let times = try provider.times().sorted()
        #expect(times.count == 4)
        // No message is seen early; but one that is seen late seems closer to the next.
        for (time, earliest) in zip(times, [0, 780, 780 + 2380, 780 + 2380 + 780]) {
            #expect(time >= began + earliest)
        }
        for (gap, shortest) in zip(zip(times.dropFirst(), times).map(-), [300, 1400, 300]) {
            #expect(gap >= shortest, "\(times)")
        }
    }
}
