import FunctionContract
import FunctionRuntime
import Glibc

/// The platform's log: JSON lines, or readable lines on a terminal.
///
/// Lines are buffered and written together, at the latest when the loop is about to wait. At full
/// speed, a write per line would cost more than the request it describes. Writing never waits for
/// the reader: unread output is kept up to a limit, then dropped and counted.
final class Console {
    enum Style {
        case json
        case human(colour: Bool)

        /// A terminal gets readable lines, everything else JSON.
        static func detect(_ environment: Environment) -> Style {
            guard Descriptor.standardError.isTerminal else { return .json }
            return .human(colour: allowsColour(environment))
        }

        /// Colours are used on terminals, unless `NO_COLOR` (no-color.org) is set.
        static func allowsColour(_ environment: Environment) -> Bool {
            Descriptor.standardError.isTerminal && environment["NO_COLOR"] == nil
                && environment["TERM"] != "dumb"
        }
    }

    private let style: Style
    private let level: Log.Level
    private let clock: () -> Timestamp
    private let write: ([UInt8]) -> Int
    private var pending: [UInt8] = []
    private var dropped = 0

    private static let pendingLimit = 65_536
    static let backlogLimit = 1_048_576
    private static let lastWaitMilliseconds: CInt = 1_000

    init(
        style: Style,
        level: Log.Level = .info,
        clock: @escaping () -> Timestamp = { .now },
        write: @escaping ([UInt8]) -> Int = LogOutput().write
    ) {
        self.style = style
        self.level = level
        self.clock = clock
        self.write = write
    }

    func info(_ message: String, _ details: JSONObject = JSONObject()) {
        record(.info, message, details)
    }

    func warning(_ message: String, requestID: String? = nil) {
        record(.warning, message, Self.details(requestID))
    }

    func error(_ message: String, requestID: String? = nil) {
        record(.error, message, Self.details(requestID))
    }

    /// A line that a function wrote to its stderr.
    func relay(_ line: [UInt8], from function: String) {
        guard let json = try? JSONParser.parse(line), let object = json.object,
            let message = object["message"]?.string
        else { return record(.info, String(decoding: line, as: UTF8.self), JSONObject(), function) }
        switch style {
        case .json: append(line)
        case .human:
            let level = object["level"]?.string.flatMap(Log.Level.init(rawValue:)) ?? .info
            let known = ["time", "level", "message", "function", "traceparent"]
            let details = object.members.filter { !known.contains($0.name) }
            record(level, message, JSONObject(details), function)
        }
    }

    func access(_ entry: AccessEntry) {
        guard level <= .info else { return }
        switch style {
        case .json: append(entry.json(clock()))
        case .human(let colour): append(entry.text(clock(), paint: Paint(isOn: colour)))
        }
    }

    /// Writes as much of the buffer as stderr takes now.
    func flush() {
        guard !pending.isEmpty else { return }
        let taken = write(pending)
        if taken < pending.count {
            pending.removeFirst(taken)
        } else {
            pending.removeAll(keepingCapacity: true)
            reportLoss()
        }
    }

    /// Writes the rest of the buffer. A reader that has stopped gets a short time to resume.
    func finish() {
        flush()
        while !pending.isEmpty, LogOutput.waitForReader(Self.lastWaitMilliseconds) { flush() }
    }

    private func reportLoss() {
        guard dropped > 0 else { return }
        let count = dropped
        dropped = 0
        warning("\(count) log lines dropped: nobody read the log")
    }

    private static func details(_ requestID: String?) -> JSONObject {
        guard let requestID else { return JSONObject() }
        return JSONObject([("requestId", .string(requestID))])
    }

    private func record(
        _ level: Log.Level,
        _ message: String,
        _ details: JSONObject,
        _ function: String? = nil
    ) {
        switch style {
        case .json:
            var log = Log(level: self.level, clock: clock, write: { [unowned self] in append($0) })
            if let function { log = log.with("function", .string(function)) }
            log.record(level, message, details)
        case .human(let colour):
            guard level >= self.level else { return }
            append(human(level, message, details, function, Paint(isOn: colour)))
        }
    }

    private func human(
        _ level: Log.Level,
        _ message: String,
        _ details: JSONObject,
        _ function: String?,
        _ paint: Paint
    ) -> [UInt8] {
        var text = paint.dim(String(clock().rfc3339.dropFirst(11).prefix(8)))
        switch level {
        case .debug, .info: break
        case .warning: text += " " + paint.yellow("warning")
        case .error: text += " " + paint.red("error")
        }
        if let function { text += " " + paint.cyan("[\(function)]") }
        text += " " + message
        for member in details.members {
            text += paint.dim(" \(member.name)=\(member.value.string ?? member.value.text)")
        }
        return Array(text.utf8)
    }

    private func append(_ line: [UInt8]) {
        guard pending.count < Self.backlogLimit else {
            dropped += 1
            return
        }
        pending.append(contentsOf: line)
        if line.last != UInt8(ascii: "\n") { pending.append(UInt8(ascii: "\n")) }
        if pending.count >= Self.pendingLimit { flush() }
    }
}

/// The colours of a terminal, or none.
struct Paint {
    let isOn: Bool

    func dim(_ text: String) -> String { code("2", text) }
    func red(_ text: String) -> String { code("31", text) }
    func green(_ text: String) -> String { code("32", text) }
    func yellow(_ text: String) -> String { code("33", text) }
    func cyan(_ text: String) -> String { code("36", text) }
    func bold(_ text: String) -> String { code("1", text) }

    private func code(_ code: String, _ text: String) -> String {
        isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
