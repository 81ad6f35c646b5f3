import Database
import Glibc
import Work

/// Takes tokens of one bucket again and again, from one instant to another.
struct Take {
    let bucket: String
    let tokens: Int
    let from: Double
    let until: Double

    func run(on connection: Connection) throws(DatabaseError) -> Stint {
        try connection.open()
        let rates = Rates(connection)
        usleep(UInt32(max(0, from - seconds()) * 1_000_000))
        var stint = Stint()
        stint.started = seconds()
        repeat {
            let grant = try rates.take(tokens, from: RateKey(platform: bucket))
            precondition(grant?.count == tokens, "the bucket is empty, and must never be")
            stint.count += 1
            stint.ended = seconds()
        } while stint.ended < until
        return stint
    }
}
