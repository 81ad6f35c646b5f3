/// A request with the earliest time to send it and the latest time for its answer.
package struct PlannedRequest: Sendable {
    package var request: OutboundRequest
    /// The earliest time to send; nil means as soon as possible.
    package var notBefore: ContinuousClock.Instant?
    /// When the answer must have arrived. An earlier limit of the request itself still applies.
    package var deadline: ContinuousClock.Instant?

    package init(
        _ request: OutboundRequest,
        notBefore: ContinuousClock.Instant? = nil,
        deadline: ContinuousClock.Instant? = nil
    ) {
        self.request = request
        self.notBefore = notBefore
        self.deadline = deadline
    }
}
