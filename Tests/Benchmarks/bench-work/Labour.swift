import Database
import Glibc
import Work

/// Works on a queue as its function does, for ever. Each task takes the same time.
struct Labour {
    private static let pauseMicroseconds: UInt32 = 1000

    let queue: String
    let milliseconds: UInt32

    func run(on connection: Connection) throws(DatabaseError) -> Never {
        var worker = Worker(connection, queue: queue, slice: .seconds(1))
        while true {
            _ = try worker.drain(until: .now + .seconds(60)) { (_, _) in
                usleep(milliseconds * 1000)
                return .done
            }
            usleep(Self.pauseMicroseconds)
        }
    }
}
