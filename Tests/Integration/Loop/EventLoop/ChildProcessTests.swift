import EventLoop
import Glibc
import Testing

@Suite(.timeLimit(.minutes(60))) struct ChildProcessTests {
    @Test func movesMegabytesThroughAChild() throws {
        let loop = try EventLoop()
        let run = try ChildRun(on: loop, ChildCommand("/bin/cat"))
        let sent = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
        run.child.standardInput?.write(sent)
        run.child.standardInput?.shutdown()
        try run.finish()
        #expect(run.output == sent)
        #expect(run.status?.isSuccess == true)
    }

    @Test(arguments: [
        ("exit 7", ChildProcess.ExitStatus(code: 7)),
        ("kill -9 $$", ChildProcess.ExitStatus(code: 0, signal: 9)),
        ("true", ChildProcess.ExitStatus(code: 0)),
    ])
    func reportsHowAChildEnded(_ script: String, _ status: ChildProcess.ExitStatus) throws {
        let run = try ChildRun(on: EventLoop(), .shell(script))
        try run.finish()
        #expect(run.status == status)
        #expect(!run.child.isRunning)
    }

    @Test func showsAChildOnlyTheEnvironmentItIsGiven() throws {
        var command = ChildCommand("/usr/bin/env", environment: ["ONE": "1", "TWO": "a=b c"])
        command.descriptors = [.none, .output(), .none]
        let run = try ChildRun(on: EventLoop(), command)
        try run.finish()
        #expect(run.text.split(separator: "\n").sorted() == ["ONE=1", "TWO=a=b c"])
    }

    @Test func givesAChildExactlyTheDescriptorsOfItsCommand() throws {
        var command = ChildCommand.shell("ls /proc/self/fd | tr '\\n' ' '; echo three >&3")
        command.descriptors = [.none, .output(), .output(), .output(capacity: 1 << 20)]
        let run = try ChildRun(on: EventLoop(), command)
        var third: [UInt8] = []
        run.child.streams[3]?.startReading { event in
            if case .bytes(let bytes) = event { bytes.copy(to: &third) }
        }
        try run.finish()
        // The folder that ls reads is its own descriptor 4.
        #expect(run.text == "0 1 2 3 4 ")
        #expect(String(decoding: third, as: UTF8.self) == "three\n")
    }

    @Test func startsInItsFolderWithItsLimits() throws {
        var command = ChildCommand.shell("read line; pwd; ulimit -n; ulimit -c; ulimit -t")
        command.workingDirectory = "/usr"
        command.limits = [.openFiles(99), .coreDump(0), .processorTime(50)]
        let run = try ChildRun(on: EventLoop(), command)
        run.child.standardInput?.write(Array("go\n".utf8))
        try run.finish()
        #expect(run.text == "/usr\n99\n0\n50\n")
    }

    @Test func endsAWholeProcessGroup() throws {
        let run = try ChildRun(on: EventLoop(), .shell("sleep 1000 & sleep 1000 & echo up; wait"))
        try run.loop.wait { run.text == "up\n" }
        run.child.killGroup(SIGKILL)
        // The output ends only when the last of the group is gone.
        try run.finish()
        #expect(run.status == ChildProcess.ExitStatus(code: 0, signal: SIGKILL))
    }

    @Test func signalsToAnEndedChildGoNowhere() throws {
        let run = try ChildRun(on: EventLoop(), .shell("exit 0"))
        try run.finish()
        run.child.kill(SIGTERM)
        run.child.killGroup(SIGKILL)
    }

    @Test(arguments: [
        ("/does/not/exist", nil, "ENOENT"), ("/bin/cat", "/no/such/folder", "ENOENT"),
        ("/usr/bin", nil, "EACCES"),
    ])
    func namesWhatCannotBeRun(_ path: String, _ folder: String?, _ name: String) throws {
        let loop = try EventLoop()
        let command = ChildCommand(path, workingDirectory: folder)
        let error = #expect(throws: UVError.self) {
            _ = try ChildProcess(on: loop, command) { _ in Issue.record("nothing ran") }
        }
        #expect(error?.name == name)
        #expect(error?.message.contains(folder ?? path) == true)
        try loop.finish()
    }

    @Test func aThousandChildrenLeaveNothingBehind() async {
        await #expect(processExitsWith: .success) {
            let loop = try EventLoop()
            _ = try runChildren(20, on: loop)
            let before = openDescriptors()
            let succeeded = try runChildren(1_000, on: loop)
            precondition(succeeded == 1_000, "\(succeeded) of 1000 children succeeded")
            for _ in 0..<100 {
                _ = try? ChildProcess(on: loop, ChildCommand("/does/not/exist")) { _ in }
                loop.run()
            }
            precondition(openDescriptors() == before, "descriptors leaked")
            precondition(waitpid(-1, nil, WNOHANG) == -1 && errno == ECHILD, "a child was left")
        }
    }
}

/// Runs children ten at a time and returns how many echoed what they were told.
private func runChildren(_ count: Int, on loop: EventLoop) throws -> Int {
    var succeeded = 0
    for _ in 0..<count / 10 {
        let runs = try (0..<10).map { _ in try ChildRun(on: loop, ChildCommand("/bin/cat")) }
        for run in runs {
            run.child.standardInput?.write([1, 2, 3])
            run.child.standardInput?.shutdown()
        }
        for run in runs { try run.finish() }
        succeeded += runs.count { $0.output == [1, 2, 3] && $0.status?.isSuccess == true }
    }
    return succeeded
}

private func openDescriptors() -> Int {
    (0..<1_024).count { fcntl($0, F_GETFD) != -1 }
}
