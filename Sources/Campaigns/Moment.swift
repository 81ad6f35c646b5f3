package import Database
package import FunctionContract

extension Database.Timestamp {
    /// A moment of an event, as the database keeps it.
    package init(_ moment: FunctionContract.Timestamp) {
        self.init(microseconds: moment.milliseconds * 1000)
    }
}

extension FunctionContract.Timestamp {
    /// A moment of the database in whole milliseconds.
    package init(_ moment: Database.Timestamp) {
        self.init(milliseconds: moment.microseconds / 1000)
    }
}
