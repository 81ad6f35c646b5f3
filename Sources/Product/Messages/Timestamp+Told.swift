package import FunctionContract

extension Timestamp {
    /// When something happened that somebody else reports. Nothing happens after it was heard of,
    /// nor before WhatsApp existed: an impossible time, or none, becomes `now`.
    package init(told moment: Timestamp?, heardAt now: Timestamp) {
        guard let moment, moment >= Self.earliest, moment.milliseconds <= now.milliseconds else {
            self = now
            return
        }
        self = min(moment, now)
    }

    /// The beginning of 2009.
    private static let earliest = Timestamp(milliseconds: 1_230_768_000_000)
}
