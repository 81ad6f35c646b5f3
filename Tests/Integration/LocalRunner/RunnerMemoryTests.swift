import FunctionContract
import Glibc
import Testing

@Suite("Memory of the platform", .ownThread)
struct RunnerMemoryTests {
    /// What is promised for a release is 20 MB each; a debug build is allowed twice as much.
    private static let limit = 40 * 1_048_576

    @Test("Idle, the runner and a warm Swift function are small")
    func resident() throws {
        let runner = try Runner(try FunctionFolder(.echo), ["--access-log", "off"])
        defer { runner.end() }
        for _ in 0..<200 { #expect(try runner.get("/echo/x").status == 200) }
        let platform = try residentBytes(of: runner.process.id)
        let function = try residentBytes(of: try #require(runner.instances.first))
        print("resident: local-runner \(platform / 1024) kB, echo \(function / 1024) kB")
        #expect(platform <= Self.limit)
        #expect(function <= Self.limit)
    }

    @Test("A flood to stdout or stderr does not stay in memory", arguments: ["flood", "chatter"])
    func flood(_ what: String) throws {
        let runner = try Runner(try FunctionFolder(.desk()))
        defer { runner.end() }
        let client = try runner.begin("/desk/\(what)")
        _ = try runner.answer(client)
        #expect(try residentBytes(of: runner.process.id) <= Self.limit)
    }

    @Test(
        "A hundred clients that stop short of the end of a large body do not fill the memory",
        arguments: ["/scale/x", "/nowhere"]
    )
    func unfinishedBodies(_ target: String) throws {
        let runner = try Runner(try FunctionFolder(.scale()), ["--access-log", "off"])
        defer { runner.end() }
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 6_000_000)
        let request = Array(Runner.request("POST", target, body: body).dropLast(100_000))
        var attackers: [RunnerClient] = []
        for _ in 0..<100 {
            let attacker = try runner.connect()
            attacker.send(request)
            attackers.append(attacker)
            // As much as the runner takes; those who were here before it go on as well.
            try runner.waitUntil("unfinished body") {
                for client in attackers { client.move() }
                return attacker.isClosed || attacker.hasSentAll || !attacker.received.isEmpty
            }
        }
        #expect(try runner.get("/scale/x").status == 200)
        let whole = try runner.request("POST", "/scale/x", body: body)
        #expect(whole.text == #"{"length": 6000000}"#)
        let peak = try #require(ProcessTable.peakBytes(of: runner.process.id))
        print("peak under attack on \(target): \(peak / 1_048_576) MB")
        #expect(peak < 300 * 1_048_576)
    }

    private func residentBytes(of process: pid_t) throws -> Int {
        let file = unsafe open("/proc/\(process)/statm", O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = unsafe read(file, &bytes, bytes.count)
        let fields = String(decoding: bytes[..<max(0, count)], as: UTF8.self).split(separator: " ")
        let pages = try #require(fields.count > 1 ? Int(fields[1]) : nil)
        return pages * sysconf(CInt(_SC_PAGESIZE))
    }
}
