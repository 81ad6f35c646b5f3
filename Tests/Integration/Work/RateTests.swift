import Database
import FunctionContract
import Testing
import Work

@Suite(.ownThread)
struct RateTests {
    private static let database = Result { try WorkDatabase() }

    private let connection: Connection
    private let rates: Rates
    private let key = RateKey(platform: UUID.v7().description)

    init() throws {
        connection = try Self.database.get().connect()
        rates = Rates(connection)
    }

    private func take(_ count: Int, within horizon: Duration = .zero) throws -> RateGrant {
        try #require(try rates.take(count, from: key, within: horizon))
    }

    /// So slow that no token comes back while the test runs.
    private func setSlow(burst: Int) throws {
        try rates.set(key, RateLimit(interval: .seconds(3600), burst: burst))
    }

    @Test func thereIsNoGrantWithoutABucket() throws {
        #expect(try rates.take(1, from: key) == nil)
    }

    @Test func aBurstIsGrantedAtOnceAndThenNothing() throws {
        try setSlow(burst: 5)
        let first = try take(3)
        #expect(first.count == 3)
        #expect((0..<3).allSatisfy { first.delay(of: $0) == .zero })
        #expect(try take(3).count == 2)
        let none = try take(3)
        #expect(none.count == 0)
        // One hour after the burst began the next is due.
        #expect(none.nextAt == first.takenAt + .seconds(3600))
    }

    @Test func tokensAheadAreSpacedByTheInterval() throws {
        try setSlow(burst: 1)
        let grant = try take(10, within: .seconds(3 * 3600))
        #expect(grant.count == 4)
        #expect((0..<4).map { grant.delay(of: $0) } == [0, 3600, 7200, 10800].map { .seconds($0) })
    }

    @Test func whatIsGivenBackCanBeTakenAgainUnlessSomebodyTookSince() throws {
        try setSlow(burst: 5)
        let first = try take(4)
        #expect(try rates.giveBack(3, of: first, to: key))
        let second = try take(9)
        #expect(second.count == 4)
        #expect(try !rates.giveBack(1, of: first, to: key))
        #expect(try rates.giveBack(4, of: second, to: key))
        #expect(try take(9).count == 4)
    }

    @Test func aHeldBucketGivesNothingUntilThen() throws {
        try setSlow(burst: 5)
        try rates.hold(key, for: .seconds(600))
        let none = try take(2)
        let pause = none.delay(of: 0)
        #expect(none.count == 0 && pause > .seconds(540) && pause <= .seconds(600))
        let ahead = try take(1, within: .seconds(900))
        #expect(ahead.count == 1 && ahead.time(of: 0) == none.nextAt)
    }

    @Test func aNewLimitHoldsForWhatIsTakenFromThenOn() throws {
        try setSlow(burst: 5)
        #expect(try take(5).count == 5)
        try rates.set(key, RateLimit(interval: .microseconds(1), burst: 1))
        #expect(try take(1).count == 0)
        try rates.set(key, RateLimit(interval: .seconds(3600), burst: 7))
        #expect(try take(9).count == 2)
    }

    @Test func aTakeThatIsRolledBackTookNothing() throws {
        try setSlow(burst: 5)
        let key = key
        try connection.transaction { (transaction) throws(DatabaseError) in
            try transaction.query(PlatformScope.statement)
            _ = try Rates.take(5, from: key, in: transaction)
            transaction.abandon()
        }
        #expect(try take(5).count == 5)
    }

    /// Every take writes the row anew, on the page where it is.
    @Test func takesTouchNoIndex() throws {
        try setSlow(burst: 100)
        for _ in 0..<50 { _ = try take(1) }
        let sizes = try Self.database.get().connectAsOwner().query(
            """
            SELECT pg_relation_size('relais.rate_bucket') AS pages,
                (SELECT count(*) FROM pg_indexes WHERE tablename = 'rate_bucket') AS indexes
            """
        )[0]
        #expect(try sizes.get("indexes") == 1)
        #expect(try sizes.get("pages", as: Int.self) < 20 * 8192)
    }
}
