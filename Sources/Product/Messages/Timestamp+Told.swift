package import FunctionContract

extension Timestamp {
    /// The time of an event that somebody else reports. It cannot lie after `now` or before
    /// WhatsApp existed: an impossible or missing time becomes `now`.
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
