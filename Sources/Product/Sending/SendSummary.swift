/// What a run of a sender did.
package struct SendSummary: Sendable, Equatable {
    /// Attempts that were recorded, whatever came of them.
    package var processed = 0
    package var accepted = 0
    /// Messages that could go now and did not, as far as they were counted.
    package var remaining = 0
    /// Channels that could not be served, and why.
    package var problems: [String] = []

    package init() {}
}
