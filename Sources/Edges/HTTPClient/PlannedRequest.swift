/// A request with the times between which it may go out.
package struct PlannedRequest: Sendable {
    package var request: OutboundRequest
    /// Nil: as soon as there is room.
    package var notBefore: ContinuousClock.Instant?
    /// When the answer must be there; the earlier of this and the request's own limit holds.
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
