package import FunctionContract

/// The facts about the current call, for its handler.
package struct Context {
    /// The host's id for this call. It appears in every log line and in the reply headers.
    package let requestID: String
    /// When the answer must be ready: shortly before the host stops waiting.
    package let deadline: Timestamp
    /// The W3C trace context of this call, to pass on.
    package let traceparent: String?
    package let environment: Environment
    package let log: Log
    private let clock: () -> Timestamp

    package init(
        requestID: String,
        deadline: Timestamp,
        traceparent: String?,
        environment: Environment,
        log: Log,
        clock: @escaping () -> Timestamp
    ) {
        self.requestID = requestID
        self.deadline = deadline
        self.traceparent = traceparent
        self.environment = environment
        self.log = log
        self.clock = clock
    }

    package var now: Timestamp { clock() }

    /// The time left until the deadline, never negative.
    package var remaining: Duration { max(.zero, deadline.since(now)) }
}

/// A schedule that fired.
package struct ScheduleEvent: Equatable, Sendable {
    package let name: String
    /// The planned instant. Late or repeated runs get the same one.
    package let instant: Timestamp
}

/// A queue that may have work.
package struct QueueEvent: Equatable, Sendable {
    package let queue: String
    package let data: JSON
}
