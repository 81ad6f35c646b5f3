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

    /// Waits for the next message to a person and returns when it came, in seconds of the clock
    /// that all processes of this machine share. `offset` is how far the ledger has been read.
    func awaitMessage(
        to person: String,
        after offset: inout Int,
        within limit: Duration
    ) throws(Failure) -> Double {
        let path = "\(folder.path)/ledger"
        var found: Double?
        try awaitState("a message to \(person)", within: limit) { () throws(Failure) in
            let added = try contents(of: path, from: offset)
            guard let end = added.lastIndex(of: UInt8(ascii: "\n")) else { return false }
            offset += end + 1
            let lines = String(decoding: added[...end], as: UTF8.self)
            found = try Arrivals(parsing: lines).first(to: person)
            return found != nil
        }
        guard let found else { preconditionFailure("the message was found") }
        return found
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
