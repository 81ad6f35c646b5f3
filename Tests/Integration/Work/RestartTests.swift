import Database
import Glibc
import Synchronization
import Testing
import Work

@Suite(.ownThread, .enabled(if: PrivateServer.Version.embedded.isInstalled))
struct RestartTests {
    @Test func aServerThatCrashesUnderLoadLosesAndRepeatsNothing() throws {
        let server = try PrivateServer(.embedded)
        let database = try WorkDatabase(url: server.url(database: "postgres"))
        let effects = try EffectTable(in: database)
        let new = NewTask.some(2000, in: "load")
        try Tasks(database.connect()).enqueue(new)
        let threads = (0..<4).map { _ in
            BackgroundThread { Self.work(until: new.count, on: database) }
        }
        for share in [1, 2] {
            while try effects.count() < new.count * share / 3 { usleep(1000) }
            try server.restart()
        }
        for thread in threads { thread.join() }
        let seen = try effects.tasks()
        #expect(seen.count == new.count)
        #expect(Set(seen) == Set(new.map(\.id)))
    }

    /// As a function does it: whatever fails is looked at again from the beginning.
    private static func work(until count: Int, on database: WorkDatabase) {
        let connection = database.connect()
        var front = ClaimFront()
        var isOver = false
        while !isOver {
            do throws(DatabaseError) {
                isOver = try workOnce(until: count, on: connection, front: &front)
            } catch {
                switch error.code {
                case .connectionLost, .commitUnknown, .unreachable, .timeout: usleep(10_000)
                default:
                    Issue.record(error)
                    return
                }
            }
        }
    }

    private static func workOnce(
        until count: Int,
        on connection: Connection,
        front: inout ClaimFront
    ) throws(DatabaseError) -> Bool {
        let size = try Tasks.doBatch(
            of: "load",
            limit: 7,
            lease: .seconds(5),
            front: &front,
            on: connection
        )
        if size > 0 { return false }
        usleep(10_000)
        let all = try connection.query("SELECT count(*) AS count FROM effect")
        return try all[0].get("count", as: Int.self) == count
    }
}
