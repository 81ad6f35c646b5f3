import FunctionContract
import Glibc
import Testing

@Suite("Memory of the platform", .timeLimit(.minutes(60)))
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
