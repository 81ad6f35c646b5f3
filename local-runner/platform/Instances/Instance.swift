import EventLoop
import FunctionContract
import Glibc

/// One process of a function: events go in on stdin, replies come out on stdout, log lines on
/// stderr.
final class Instance {
    /// What an instance reports to its host.
    enum Report {
        /// `isFollowed` when the output continues after the reply although no other event is open.
        case reply([UInt8], isFollowed: Bool)
        /// Output that answers no event, or is longer than a reply may be.
        case misbehaved(String)
        case log([UInt8])
        /// The process and its output have ended. This is the last report, and it comes once.
        case ended(ChildProcess.ExitStatus, remainder: [UInt8])
    }

    /// A call that this instance was given.
    struct Assignment {
        let number: InstancePool.Call
        /// Nil once the call is cancelled.
        var call: Call?
    }

    /// The open calls, in the order of their replies.
    var assignments: [Assignment] = []
    let startedAt: Milliseconds
    private let framing: Framing
    private let report: (Report) -> Void
    private var process: ChildProcess?
    private var output = LineFramer(limit: Limits.replyBytes)
    private var logLines = LineFramer(limit: Instance.logLineLimit)
    /// Events that were sent and not answered yet.
    private var awaited = 0
    private var isListening = true
    private var exit: (status: ChildProcess.ExitStatus, at: Milliseconds)?
    private var outputHasEnded = false

    private static let logLineLimit = 65_536
    /// How long output may stay open after the process has ended. A child outside the process group
    /// may hold it open for ever.
    private static let orphanedOutputLimit: Milliseconds = 1_000
    /// One batch fits into the pipe, so writing it never waits for the process to read.
    private static let pipeCapacity = InstancePool.Rules.batchBytes

    init(
        on loop: EventLoop,
        _ command: ChildCommand,
        framing: Framing,
        report: @escaping (Report) -> Void
    ) throws(UVError) {
        self.framing = framing
        self.report = report
        startedAt = loop.now
        var command = command
        command.descriptors = [
            .input(capacity: Self.pipeCapacity), .output(capacity: Self.pipeCapacity), .output(),
        ]
        command.limits = [.coreDump(0), .openFiles(1024)]
        let process = try ChildProcess(on: loop, command) { [unowned self] in
            processDidExit($0, at: loop.now)
        }
        self.process = process
        process.standardOutput?.startReading { [unowned self] in didReadOutput($0) }
        process.standardError?.startReading { [unowned self] in didReadLog($0) }
    }

    var pid: Int32 { process?.pid ?? 0 }

    /// Sends `count` events, one per line. In one-shot framing it is one event, and stdin closes.
    func send(_ count: Int, _ events: [UInt8]) {
        awaited += count
        process?.standardInput?.write(events)
        if framing == .oneShot { finishInput() }
    }

    func finishAssignment() {
        if !assignments.isEmpty { assignments.removeFirst() }
    }

    /// Tells the process that no more events will come.
    func finishInput() {
        guard let input = process?.standardInput else { return }
        input.shutdown { _ in input.close() }
    }

    func signalGroup(_ signal: Int32) {
        process?.killGroup(signal)
    }

    /// Stops waiting for output that a child of the ended process holds open.
    func tick(_ now: Milliseconds) {
        guard let exit, !outputHasEnded, exit.at + Self.orphanedOutputLimit <= now else { return }
        outputHasEnded = true
        finishIfOver()
    }
}

// MARK: - Events of the process

extension Instance {
    private func didReadOutput(_ event: borrowing Stream.ReadEvent) {
        switch event {
        case .bytes(let bytes):
            guard isListening else { return }
            guard output.append(bytes) else {
                return misbehave("wrote more than \(Limits.replyBytes) bytes as one reply")
            }
            if framing == .stream { takeReplies() }
        case .end, .failed:
            outputHasEnded = true
            finishIfOver()
        }
    }

    private func takeReplies() {
        while let line = output.next() {
            guard awaited > 0 else { return misbehave(unasked(line)) }
            awaited -= 1
            // During this call, the next event may be sent and its reply may arrive.
            report(.reply(line, isFollowed: awaited == 0 && output.hasPartialLine))
            guard isListening else { return }
        }
    }

    private func unasked(_ line: [UInt8]) -> String {
        let start = String(decoding: line.prefix(80), as: UTF8.self)
        return "wrote \"\(start)\" to stdout when no event was waiting; logs belong on stderr"
    }

    private func misbehave(_ problem: String) {
        isListening = false
        report(.misbehaved(problem))
    }

    private func didReadLog(_ event: borrowing Stream.ReadEvent) {
        switch event {
        case .bytes(let bytes):
            if logLines.append(bytes) {
                while let line = logLines.next() { report(.log(line)) }
            } else {
                report(.log(logLines.takeRemainder()))
            }
        case .end, .failed:
            let rest = logLines.takeRemainder()
            if !rest.isEmpty { report(.log(rest)) }
        }
    }

    /// Also ends the processes that this one left behind in its process group.
    private func processDidExit(_ status: ChildProcess.ExitStatus, at now: Milliseconds) {
        process?.killGroup(SIGKILL)
        exit = (status, now)
        finishIfOver()
    }

    private func finishIfOver() {
        guard let exit, outputHasEnded, let process else { return }
        self.process = nil
        process.closeStreams()
        report(.ended(exit.status, remainder: isListening ? output.takeRemainder() : []))
    }
}
