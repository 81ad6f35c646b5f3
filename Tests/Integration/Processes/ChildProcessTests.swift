import Glibc
import Testing

@Suite("The process harness", .ownThread)
struct ChildProcessTests {
    @Test("A process gets exactly the given environment")
    func environment() throws {
        let process = try FinishedProcess(
            running: "/usr/bin/env",
            environment: ["ONE": "1", "TWO": "zwei"]
        )
        #expect(process.outputText == "ONE=1\nTWO=zwei\n")
        #expect(process.exit == .code(0))
    }

    @Test("A process gets exactly the given descriptors")
    func descriptors() throws {
        let process = try ChildProcess("/bin/cat", outputs: [1, 2, 3])
        defer { process.end() }
        // A program that answers has been loaded: before, it holds the libraries it reads.
        process.feed("up\n")
        _ = try process.line()
        let descriptors = try #require(ProcessTable.descriptors(of: process.id))
        #expect(descriptors.keys.sorted() == [0, 1, 2, 3])
    }

    @Test("Data larger than a pipe passes in both directions at once")
    func largeEcho() throws {
        let process = try ChildProcess("/bin/cat")
        defer { process.end() }
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 3 << 20)
        for _ in 0..<3 { process.feed(line + [UInt8(ascii: "\n")]) }
        process.feed("rest")
        process.closeInput()
        for _ in 0..<3 { #expect(try process.line() == line) }
        #expect(try process.line() == Array("rest".utf8))
        #expect(try process.line() == nil)
        #expect(try process.waitForExit() == .code(0))
    }

    @Test("Exit codes and signals are distinguished")
    func exits() throws {
        let failing = try ChildProcess("/bin/sh", ["-c", "exit 3"])
        #expect(try failing.waitForExit() == .code(3))
        let sleeping = try ChildProcess("/bin/cat")
        #expect(sleeping.exit == nil)
        sleeping.send(SIGTERM)
        #expect(try sleeping.waitForExit() == .signal(SIGTERM))
    }

    @Test("Ending a process ends its children")
    func groups() throws {
        let script = "exec 4<&0; cat <&4 & cat <&4 & echo up; wait"
        let process = try ChildProcess("/bin/sh", ["-c", script])
        #expect(try process.line() == Array("up".utf8))
        let group = process.id
        #expect(ProcessTable.children(of: group).count == 2)
        #expect(ProcessTable.members(ofGroup: group).count == 3)
        process.end()
        while !ProcessTable.members(ofGroup: group).isEmpty { sched_yield() }
    }

    @Test("A failed wait ends with an error that quotes stderr")
    func timeout() throws {
        let process = try ChildProcess("/bin/sh", ["-c", "echo oops >&2; cat"])
        defer { process.end() }
        _ = try process.wait("complaint") { process.received(of: 2).isEmpty ? nil : true }
        let error = #expect(throws: ChildProcess.TimedOut.self) {
            try process.line(within: .milliseconds(20))
        }
        #expect(error?.description.contains("oops") == true)
    }

    @Test("A missing program is an error with its path")
    func missing() {
        let error = #expect(throws: SystemCallFailed.self) { try ChildProcess("/does/not/exist") }
        #expect(error?.description.contains("/does/not/exist") == true)
    }
}
