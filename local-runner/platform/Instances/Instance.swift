import EventLoop
import FunctionContract
import Glibc

/// One process of a function: events go in on stdin, replies come out on stdout, log lines on
/// stderr.
final class Instance {
    /// What an instance tells the one who started it.
    enum Report {
        /// `isFollowed` when more stands behind the reply that no event has asked for.
        case reply([UInt8], isFollowed: Bool)
        /// Output that is no reply to anything, or longer than a reply may be.
        case misbehaved(String)
        case log([UInt8])
        /// The process and its output have ended. Comes once, and last.
        case ended(ChildProcess.ExitStatus, remainder: [UInt8])
    }

    /// A call that it has in hand.
    struct Assignment {
        let number: InstancePool.Call
        /// Nil once nobody waits for it any more.
        var call: Call?
    }

    /// What it has in hand, in the order of its replies.
    var assignments: [Assignment] = []
    let startedAt: Milliseconds
    private let framing: Framing
    private let report: (Report) -> Void
    private var process: ChildProcess?
    private var output = LineFramer(limit: Limits.replyBytes)
    private var logLines = LineFramer(limit: Instance.logLineLimit)
    /// Events that it has and did not answer yet.
    private var awaited = 0
    private var isListening = true
    private var exit: (status: ChildProcess.ExitStatus, at: Milliseconds)?
    private var outputHasEnded = false

    private static let logLineLimit = 65_536
    /// How long output may stay open after the process has ended: a child that left the process
    /// group may hold it for ever.
    private static let orphanedOutputLimit: Milliseconds = 1_000
    /// Room for what is handed over together, so that writing it never waits for the reader.
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

    /// Hands over that many events, a line each. In one-shot framing it is one, and the last.
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

    /// Gives up on output that outlives the process.
    func tick(_ now: Milliseconds) {
        guard let exit, !outputHasEnded, exit.at + Self.orphanedOutputLimit <= now else { return }
        outputHasEnded = true
        finishIfOver()
    }
}

// MARK: - What the process does

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
            // The next event may go out, and its reply come in, before this returns.
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

    /// What the process started and left behind in its group ends with it.
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
