import EventLoop
import Testing

/// A child process, what it wrote and how it ended.
final class ChildRun {
    let loop: EventLoop
    let child: ChildProcess
    private(set) var output: [UInt8] = []
    private(set) var status: ChildProcess.ExitStatus?
    private var isOutputOver = false

    init(on loop: EventLoop, _ command: ChildCommand) throws {
        self.loop = loop
        var onExit: (ChildProcess.ExitStatus) -> Void = { _ in }
        child = try ChildProcess(on: loop, command) { onExit($0) }
        onExit = { [unowned self] in status = $0 }
        child.standardOutput?.startReading { [unowned self] event in
            switch event {
            case .bytes(let bytes): bytes.copy(to: &output)
            case .end, .failed: isOutputOver = true
            }
        }
    }

    var text: String { String(decoding: output, as: UTF8.self) }

    /// Waits for the end of the child and of its output, and closes its pipes.
    func finish() throws {
        try loop.wait { status != nil && (isOutputOver || child.standardOutput == nil) }
        child.closeStreams()
    }

    deinit {
        loop.run()
    }
}

extension ChildCommand {
    static func shell(_ script: String) -> ChildCommand {
        ChildCommand(
            "/bin/sh",
            arguments: ["-c", script],
            environment: ["PATH": "/usr/bin:/bin"]
        )
    }
}
