package import Database
package import FunctionContract

extension Database.Timestamp {
    /// A moment of an event, as the database keeps it.
    package init(_ moment: FunctionContract.Timestamp) {
        self.init(microseconds: moment.milliseconds * 1000)
    }

    /// When something happened of which somebody else tells. Nothing happens after it was heard of,
    /// nor before there was WhatsApp: whoever says so, or nothing, tells of this moment.
    package init(told moment: FunctionContract.Timestamp?, heardAt now: Database.Timestamp) {
        let told = moment.map { $0.milliseconds } ?? 0
        let isPossible = (Self.earliest...).contains(told) && told <= now.microseconds / 1000
        self = isPossible ? Self(microseconds: told * 1000) : now
    }

    /// The beginning of 2009, in milliseconds.
    private static let earliest: Int64 = 1_230_768_000_000
}

extension FunctionContract.Timestamp {
    /// A moment of the database in whole milliseconds.
    package init(_ moment: Database.Timestamp) {
        self.init(milliseconds: moment.microseconds / 1000)
    }
}
