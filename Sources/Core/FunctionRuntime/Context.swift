package import FunctionContract

/// What a handler may know about the call it is answering.
package struct Context {
    /// The host's name for this call: it stands in every log line and in the answer's headers.
    package let requestID: String
    /// When the host stops waiting.
    package let deadline: Timestamp
    /// Where this call stands in a distributed trace (W3C), to be passed on.
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
    /// The instant that was planned: late or repeated runs get the same one.
    package let instant: Timestamp
}

/// A queue that has work, or may have.
package struct QueueEvent: Equatable, Sendable {
    package let queue: String
    package let data: JSON
}
