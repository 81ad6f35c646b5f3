import Glibc

/// A process that a test started: exactly this environment, these descriptors and a process group
/// of its own. It ends, and its group with it, when the test lets go of it.
///
/// While a method waits, bytes move in every direction at once: a process that floods stderr or
/// reads slowly never blocks the test.
final class ChildProcess {
    enum Exit: Equatable {
        case code(CInt)
        case signal(CInt)
    }

    /// What a test waited for in vain, with what the process said so far.
    struct TimedOut: Error, CustomStringConvertible {
        let description: String
    }

    let id: pid_t
    private var input: InputPipe
    private var outputs: [CInt: OutputPipe]
    private var isReaped = false

    /// Starts `path`. `outputs` are the descriptors on which the process may write.
    init(
        _ path: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        outputs numbers: [CInt] = [1, 2]
    ) throws {
        _ = Self.brokenPipesAreErrors
        let inputPipe = try Pipe()
        var pipes: [CInt: Pipe] = [:]
        for number in numbers { pipes[number] = try Pipe() }
        var descriptors = pipes.mapValues(\.writeEnd)
        descriptors[0] = inputPipe.readEnd
        input = InputPipe(descriptor: inputPipe.writeEnd)
        outputs = pipes.mapValues { OutputPipe(descriptor: $0.readEnd) }
        defer { for descriptor in descriptors.values { close(descriptor) } }
        let spawn = Spawn(
            path: path,
            arguments: arguments,
            environment: environment,
            descriptors: descriptors
        )
        id = try spawn.start()
    }

    deinit { end() }

    /// Kills the process and its group, and closes every pipe. Safe to call twice.
    func end() {
        guard !isReaped else { return }
        isReaped = true
        kill(-id, SIGKILL)
        _ = waitpid(id, nil, 0)
        input.close()
        for number in outputs.keys { outputs[number]?.close() }
    }
}

// MARK: - Bytes

extension ChildProcess {
    /// Queues `bytes` for stdin; they leave while the test waits for something.
    func feed(_ bytes: [UInt8]) {
        input.append(bytes)
        moveBytes(waiting: 0)
    }

    func feed(_ text: String) { feed(Array(text.utf8)) }

    /// Lets stdin end once everything fed has left.
    func closeInput() {
        input.endsWhenEmpty = true
        moveBytes(waiting: 0)
    }

    /// Reads no more: the process that writes gets a broken pipe.
    func closeOutput(_ number: CInt = 1) { outputs[number]?.close() }

    /// The next line without its line feed; nil at the end of the output.
    func line(of number: CInt = 1, within limit: Duration = .seconds(180)) throws -> [UInt8]? {
        try wait("a line on descriptor \(number)", within: limit) {
            let line = outputs[number]?.takeLine()
            let isAtEnd = outputs[number]?.isOpen != true
            return line != nil || isAtEnd ? .some(line) : nil
        }
    }

    /// Everything that was not yet read, to the end of the output.
    func everything(of number: CInt = 1, within limit: Duration = .seconds(180)) throws -> [UInt8] {
        try wait("the end of descriptor \(number)", within: limit) {
            outputs[number]?.isOpen == true ? nil : .some(())
        }
        return outputs[number]?.takeAll() ?? []
    }

    /// What has come so far and was not yet read.
    func received(of number: CInt) -> [UInt8] {
        moveBytes(waiting: 0)
        return outputs[number]?.unread ?? []
    }

    /// Whether something that was fed has not been read by the process yet.
    var hasUnreadInput: Bool { !input.isDrained }

    /// Moves bytes until `result` is there. `purpose` says in words what the test waits for.
    @discardableResult
    func wait<Result>(
        _ purpose: String,
        within limit: Duration = .seconds(180),
        until result: () throws -> Result?
    ) throws -> Result {
        let deadline = ContinuousClock.now + limit
        while true {
            if let result = try result() { return result }
            guard ContinuousClock.now < deadline else { throw timedOut(purpose, limit) }
            moveBytes(waiting: Self.tickMilliseconds)
        }
    }

    /// How often the state of a silent process is looked at.
    private static let tickMilliseconds: CInt = 2

    private func timedOut(_ purpose: String, _ limit: Duration) -> TimedOut {
        let said = String(decoding: outputs[2]?.unread.suffix(2000) ?? [], as: UTF8.self)
        return TimedOut(description: "no \(purpose) within \(limit); stderr: \(said)")
    }

    private func moveBytes(waiting milliseconds: CInt) {
        var polled = outputs.values.filter(\.isOpen).map {
            pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
        }
        if input.hasPending, input.isOpen {
            polled.append(pollfd(fd: input.descriptor, events: Int16(POLLOUT), revents: 0))
        }
        unsafe poll(&polled, nfds_t(polled.count), milliseconds)
        input.drain()
        for number in outputs.keys { outputs[number]?.fill() }
    }

    /// Without this the first write to a process that is gone would end the whole test run.
    private static let brokenPipesAreErrors = signal(SIGPIPE, SIG_IGN)
}

// MARK: - Life

extension ChildProcess {
    /// How the process ended; nil while it runs.
    var exit: Exit? {
        guard !isReaped else { return nil }
        var information = unsafe siginfo_t()
        // The entry stays until `end`: neither the process id nor the group's can be used again.
        let found = unsafe waitid(P_PID, id_t(id), &information, WEXITED | WNOHANG | WNOWAIT)
        guard found == 0, unsafe information.si_signo == SIGCHLD else { return nil }
        let status = unsafe information._sifields._sigchld.si_status
        return unsafe information.si_code == CInt(CLD_EXITED) ? .code(status) : .signal(status)
    }

    func waitForExit(within limit: Duration = .seconds(180)) throws -> Exit {
        try wait("exit of process \(id)", within: limit) { exit }
    }

    func send(_ signal: CInt) { kill(id, signal) }

    func sendToGroup(_ signal: CInt) { kill(-id, signal) }
}
