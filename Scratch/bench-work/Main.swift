import Database
import Work
import Glibc

func measure(_ name: String, _ count: Int, _ body: () throws -> Void) rethrows {
    let t = try ContinuousClock().measure(body)
    print(name, Int(Double(count) / (t / .seconds(1))), "per s", t)
}

func threads(_ n: Int, _ body: @escaping @Sendable (Int) -> Void) {
    var all: [pthread_t] = []
    for i in 0..<n {
        final class Box: Sendable { let run: @Sendable () -> Void; init(_ r: @escaping @Sendable () -> Void) { run = r } }
        let ctx = unsafe Unmanaged.passRetained(Box { body(i) }).toOpaque()
        var t = pthread_t()
        unsafe pthread_create(&t, nil, { unsafe Unmanaged<Box>.fromOpaque($0!).takeRetainedValue().run(); return nil }, ctx)
        all.append(t)
    }
    for t in all { pthread_join(t, nil) }
}

func fill(_ url: String, _ n: Int, batch: Int = 1000) throws {
    let tasks = Tasks(Connection(url))
    for _ in 0..<(n / batch) {
        try tasks.enqueue((0..<batch).map { _ in NewTask(queue: "bench", kind: "noop", payload: #"{"message":"0190a1b2-0000-7000-8000-000000000000","channel":"abc"}"#, workspace: .v7()) })
    }
}

func drain(_ url: String, workers: Int, batch: Int) {
    threads(workers) { _ in
        do {
            let tasks = Tasks(Connection(url))
            var front = ClaimFront()
            var claim = try tasks.claim("bench", limit: batch, lease: .seconds(60), front: &front)
            while !claim.tasks.isEmpty {
                let n = claim.tasks.count
                let r = try tasks.finish(claim.tasks.map { TaskOutcome($0.lease, .done) }, thenClaim: "bench", limit: batch, lease: .seconds(60), front: &front)
                if r.settlement.done != n { print("lost", r.settlement) }
                claim = r.claim
            }
        } catch { print(error) }
    }
}

@main struct Main {
    static func main() throws {
        let url = CommandLine.arguments[1]
        let mode = CommandLine.arguments[2]
        let n = Int(CommandLine.arguments[3])!
        switch mode {
        case "tasks":
            for batch in [500, 50, 1] {
                let count = batch == 1 ? n / 10 : n
                try measure("enqueue x1000", count) { try fill(url, count) }
                measure("claim+finish batch \(batch)", count) { drain(url, workers: 2, batch: batch) }
            }
        case "pin":
            for batch in [500, 50, 5] {
                let count = batch == 5 ? n / 4 : n
                try fill(url, count)
                measure("free   batch \(batch)", count) { drain(url, workers: 2, batch: batch) }
                let pin = Connection(url)
                try pin.query("SELECT 1")
                let flag = Connection(url)
                try flag.transaction(.init(isolation: .repeatableRead)) { (t) throws(DatabaseError) in
                    try t.query("SELECT 1")
                    try fillX(url, count)
                    measure("pinned batch \(batch)", count) { drain(url, workers: 2, batch: batch) }
                }
            }
        case "rate":
            let r = Rates(Connection(url))
            try r.set("b", RateLimit(1_000_000, per: .seconds(1), burst: 1000), workspace: nil)
            measure("rate take 8 takers", n) {
                threads(8) { _ in
                    do {
                        let r = Rates(Connection(url))
                        for _ in 0..<(n / 8) { _ = try r.take(1, from: "b") }
                    } catch { print(error) }
                }
            }
        default: break
        }
    }
}
func fillX(_ url: String, _ n: Int) throws(DatabaseError) { do { try fill(url, n) } catch let e as DatabaseError { throw e } catch { fatalError() } }
