/// The result of a sender's run.
package struct SendSummary: Sendable, Equatable {
    /// Attempts that were recorded, whatever their result.
    package var processed = 0
    package var accepted = 0
    /// Messages that could go now and did not; the count has a limit.
    package var remaining = 0
    /// Channels that could not be served, and why.
    package var problems: [String] = []

    package init() {}
}
