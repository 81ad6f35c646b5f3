import Glibc
import Measurement

/// A provider that takes every message, answers after 50 ms and writes down when each one came. It
/// is gone with this value.
struct Upstream: ~Copyable {
    private static let delayMilliseconds = 50
    private static let pollMicroseconds: UInt32 = 20_000

    /// Without a path: the provider takes any.
    let url: String
    private let process: Subprocess
    private let folder: TemporaryFolder

    init(_ program: String) throws(Failure) {
        let folder = try TemporaryFolder()
        let port = try freePort()
        let ledger = try folder.write("", to: "ledger")
        let command = Command(
            program: program,
            arguments: [
                "--port", "\(port)", "--delay-ms", "\(Self.delayMilliseconds)", "--ledger", ledger,
            ]
        )
        let log = "\(folder.path)/log"
        let process = try Subprocess(command, output: log, errors: log)
        try awaitListener(on: port, within: .seconds(10))
        self.process = process
        self.url = "http://127.0.0.1:\(port)"
        self.folder = folder
    }

    func arrivals() throws(Failure) -> Arrivals {
        let ledger = try contents(of: "\(folder.path)/ledger")
        return try Arrivals(parsing: String(decoding: ledger, as: UTF8.self))
    }

    /// Waits until so many messages came.
    func await(_ count: Int, within limit: Duration) throws(Failure) {
        let deadline = ContinuousClock.now + limit
        while case let come = try arrivals().times.count, come < count {
            try Interruption.check()
            guard .now < deadline else {
                throw Failure("\(come) of \(count) messages came within \(limit)")
            }
            usleep(Self.pollMicroseconds)
        }
    }
}
