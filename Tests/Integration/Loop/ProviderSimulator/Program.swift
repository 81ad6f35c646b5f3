import EventLoop
import FunctionContract
import Glibc
import Testing

@testable import ProviderSimulator

/// The built executable, running.
final class Program {
    let loop: EventLoop
    private(set) var port: UInt16 = 0
    /// The line that says where it listens.
    private(set) var announcement = JSON.null
    private let child: ChildProcess
    private var errorBytes: [UInt8] = []
    private var isOutputOver = false
    private var status: ChildProcess.ExitStatus?

    /// Starts it on a free port and waits until it listens.
    init(_ words: [String]) throws {
        loop = try EventLoop()
        var command = ChildCommand(
            try Self.path(),
            arguments: ["--port", "0", "--webhook-base", "none"] + words
        )
        command.descriptors = [.none, .none, .output()]
        var onExit: (ChildProcess.ExitStatus) -> Void = { _ in }
        child = try ChildProcess(on: loop, command) { onExit($0) }
        onExit = { [unowned self] in status = $0 }
        child.standardError?.startReading { [unowned self] event in
            switch event {
            case .bytes(let bytes): bytes.copy(to: &errorBytes)
            case .end, .failed: isOutputOver = true
            }
        }
        try loop.wait { errors.contains("\n") || status != nil }
        let line = errors.prefix { $0 != "\n" }
        announcement = (try? JSONParser.parse(Array(line.utf8))) ?? .null
        port = UInt16(try #require(announcement["port"]?.integer, "it said \(errors)"))
    }

    deinit {
        child.kill(SIGKILL)
        loop.run { status != nil }
        child.closeStreams()
        loop.run()
    }

    var errors: String { String(decoding: errorBytes, as: UTF8.self) }

    func end(_ signal: Int32) { child.kill(signal) }

    /// How it ended, once all that it said has been read.
    @discardableResult
    func waitForExit() throws -> ChildProcess.ExitStatus? {
        try loop.wait { status != nil && isOutputOver }
        return status
    }

    /// Runs it to its end.
    static func run(_ words: [String]) throws -> (code: Int64?, output: String, errors: String) {
        let loop = try EventLoop()
        var command = ChildCommand(try path(), arguments: words)
        command.descriptors = [.none, .output(), .output()]
        var status: ChildProcess.ExitStatus?
        var texts: [[UInt8]] = [[], []]
        var open = 2
        let child = try ChildProcess(on: loop, command) { status = $0 }
        for (place, stream) in [child.standardOutput, child.standardError].enumerated() {
            stream?.startReading { event in
                switch event {
                case .bytes(let bytes): bytes.copy(to: &texts[place])
                case .end, .failed: open -= 1
                }
            }
        }
        try loop.wait { status != nil && open == 0 }
        child.closeStreams()
        loop.run()
        let words = texts.map { String(decoding: $0, as: UTF8.self) }
        return (status?.code, words[0], words[1])
    }

    private static func path() throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        let bytes = buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: "/").dropLast()
        let path = "/" + parts.joined(separator: "/") + "/provider-simulator"
        try #require(
            unsafe access(path, X_OK) == 0,
            "\(path) is missing: build it with `swift build`"
        )
        return path
    }
}

/// A folder that goes with the test.
final class TemporaryPath {
    private let folder: String

    init() throws {
        var template = Array("/tmp/simulator-XXXXXX".utf8CString)
        try #require(unsafe mkdtemp(&template) != nil)
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in ["ledger", "s.json"] { unsafe unlink(path(name)) }
        unsafe rmdir(folder)
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func write(_ name: String, _ text: String) throws -> String {
        try LedgerFile(path(name)).append(Array(text.utf8))
        return path(name)
    }

    func lines(_ name: String) throws -> [String] {
        let bytes = try contents(of: path(name), limit: 16 * 1024 * 1024)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
