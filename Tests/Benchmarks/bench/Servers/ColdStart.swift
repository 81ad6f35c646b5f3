import Glibc
import Measurement

/// A program that is started again and again, and the time from its start to its first line.
struct ColdStart {
    private static let limit = Duration.seconds(30)
    private static let warmUps = 3
    private static let samples = 20

    private let command: Command
    private let accepts: (String) -> Bool

    /// `accepts` tells whether a line is the answer that was asked for.
    init(_ command: Command, accepts: @escaping (String) -> Bool = { !$0.isEmpty }) {
        self.command = command
        self.accepts = accepts
    }

    /// The median; the first calls only warm the database and the page cache.
    /// `prepare` comes before each call, outside the time.
    func milliseconds(
        _ plan: Plan,
        preparing prepare: (Int) throws(Failure) -> Void = { _ in }
    ) throws(Failure) -> Double {
        let warmUps = plan.isSmoke ? 0 : Self.warmUps
        var times: [Double] = []
        for number in 0..<warmUps + (plan.isSmoke ? 2 : Self.samples) {
            try prepare(number)
            times.append(try once())
        }
        return median(Array(times.dropFirst(warmUps)))
    }

    private func once() throws(Failure) -> Double {
        let folder = try TemporaryFolder()
        let pipe = "\(folder.path)/output"
        guard unsafe mkfifo(pipe, 0o600) == 0 else { throw Failure("cannot make a pipe") }
        // Open at both ends before the program is: neither waits for the other.
        let output = unsafe open(pipe, O_RDWR | O_NONBLOCK)
        guard output >= 0 else { throw Failure("cannot open a pipe") }
        defer { close(output) }
        let started = ContinuousClock.now
        var process = try Subprocess(command, output: pipe, errors: "\(folder.path)/errors")
        let line = try Self.line(from: output, until: started + Self.limit)
        let time = ContinuousClock.now - started
        guard accepts(line), try process.succeeds(within: Self.limit) else {
            let errors = String(decoding: try contents(of: "\(folder.path)/errors"), as: UTF8.self)
            throw Failure("\(command.program): \(line) \(errors)")
        }
        return time / .milliseconds(1)
    }

    private static func line(
        from descriptor: CInt,
        until deadline: ContinuousClock.Instant
    ) throws(Failure) -> String {
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while line.last != UInt8(ascii: "\n") {
            try Interruption.check()
            guard .now < deadline else { throw Failure("no answer within \(limit)") }
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&watched, 1, 100) == 1 else { continue }
            let count = unsafe read(descriptor, &buffer, buffer.count)
            if count > 0 { line += buffer[..<count] }
        }
        return String(decoding: line, as: UTF8.self)
    }
}
