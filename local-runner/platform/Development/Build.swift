import EventLoop
import FunctionContract
import Glibc

/// One run of the build command.
final class Build {
    struct Result {
        let succeeded: Bool
        /// The compiler's errors and warnings, without its progress lines.
        let complaints: [String]
        let seconds: UInt64
    }

    private var process: ChildProcess?
    private var output: [UInt8] = []
    private var openStreams = 2
    private var status: ChildProcess.ExitStatus?
    private let startedAt: Milliseconds
    private let completion: (Result) -> Void

    /// Bytes of output kept for the complaints. The end of the output holds the reason for a
    /// failure.
    private static let outputLimit = 1_048_576
    private static let complaintLimit = 40

    init(
        on loop: EventLoop,
        _ command: [String],
        _ environment: [String: String],
        completion: @escaping (Result) -> Void
    ) throws(UVError) {
        self.completion = completion
        startedAt = loop.now
        var child = ChildCommand(
            command.first ?? "swift",
            arguments: Array(command.dropFirst()),
            environment: environment
        )
        child.descriptors = [.none, .output(), .output()]
        let process = try ChildProcess(on: loop, child) { [unowned self] status in
            self.status = status
            finishIfOver(loop.now)
        }
        self.process = process
        for stream in [process.standardOutput, process.standardError] {
            stream?.startReading { [unowned self] event in
                if case .bytes(let bytes) = event { return keep(bytes) }
                openStreams -= 1
                finishIfOver(loop.now)
            }
        }
    }

    func cancel() {
        process?.killGroup(SIGTERM)
    }

    private func keep(_ bytes: Span<UInt8>) {
        for index in bytes.indices { output.append(bytes[index]) }
        if output.count > Self.outputLimit { output.removeFirst(output.count / 2) }
    }

    private func finishIfOver(_ now: Milliseconds) {
        guard openStreams == 0, let status, let process else { return }
        self.process = nil
        process.closeStreams()
        completion(
            Result(
                succeeded: status.isSuccess,
                complaints: status.isSuccess ? [] : complaints(),
                seconds: (now - startedAt + 500) / 1000
            )
        )
    }

    private func complaints() -> [String] {
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
        var errors: [String] = []
        for line in lines where line.contains("error:") {
            // The log line has its own level, so the prefix is dropped.
            let complaint = line.hasPrefix("error: ") ? String(line.dropFirst(7)) : line
            if !errors.contains(complaint) { errors.append(complaint) }
        }
        return Array((errors.isEmpty ? lines.suffix(10) : errors[...]).prefix(Self.complaintLimit))
    }
}
