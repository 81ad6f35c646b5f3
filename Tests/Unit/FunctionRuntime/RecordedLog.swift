import FunctionContract
import FunctionRuntime

/// A log that keeps its lines, with a clock that stands still.
final class RecordedLog {
    private(set) var lines: [[UInt8]] = []

    static let instant = Timestamp(milliseconds: 1_770_000_000_123)

    func log(level: Log.Level = .info, fields: JSONObject = JSONObject()) -> Log {
        Log(level: level, fields: fields, clock: { Self.instant }, write: { self.lines.append($0) })
    }

    /// The lines read back as JSON.
    func entries() throws -> [JSON] { try lines.map { try JSONParser.parse($0) } }
}

extension Context {
    /// A call at `now` that ends at `deadline`.
    static func call(
        now: Int64 = 1000,
        deadline: Int64 = 5000,
        log: Log = Log(write: { _ in })
    ) -> Context {
        Context(
            requestID: "r-1",
            deadline: Timestamp(milliseconds: deadline),
            traceparent: nil,
            environment: Environment([:]),
            log: log,
            clock: { Timestamp(milliseconds: now) }
        )
    }
}
