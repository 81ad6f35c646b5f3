import Database
import Testing

/// The same, on the embedded server, through a pooler in transaction mode, and on the oldest
/// PostgreSQL that we promise.
@Suite(.ownThread)
struct ConcurrencyTests {
    enum Place: CaseIterable, Sendable {
        case embedded, pooled, oldest

        var isAvailable: Bool {
            switch self {
            case .embedded: true
            case .pooled: PostgresFixture.isOwn && PgBouncer.isInstalled
            case .oldest: PrivateServer.Version.fifteen.isInstalled
            }
        }
    }

    /// Opens the place for as long as `body` runs.
    private func with(_ place: Place, _ body: (WorkDatabase) throws -> Void) throws {
        switch place {
        case .embedded: try body(WorkDatabase())
        case .pooled:
            let direct = try TestDatabase()
            let pooler = try PgBouncer(in: PostgresFixture.shared.get())
            defer { pooler.stop() }
            let url = pooler.url(database: direct.name)
            try body(WorkDatabase(url: url, directURL: direct.directURL))
        case .oldest:
            let server = try PrivateServer(.fifteen)
            try body(WorkDatabase(url: server.url(database: "postgres")))
        }
    }

    @Test(arguments: Place.allCases.filter(\.isAvailable))
    func everythingHoldsForAnyNumberOfWorkers(_ place: Place) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        try with(place) { database in
            try database.expectEveryTaskIsClaimedOnce(1000, workers: 2, batch: 7)
            try database.expectEveryTaskIsClaimedOnce(3000, workers: 8, batch: 50)
            try database.expectEveryTaskIsClaimedOnce(200, workers: 8, batch: 1)
            try database.expectRateIsNeverExceeded(takes: 60, seed: seed)
            try database.expectCounterStopsAtItsCap()
            try database.expectInstantsFireOnce()
            for instants in InstantCase.table { try instants.expect(on: database.connect()) }
        }
    }
}
