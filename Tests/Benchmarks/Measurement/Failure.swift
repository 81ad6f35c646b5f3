/// Why a case could not be measured, in words for the person who ran it.
package struct Failure: Error, Equatable {
    package let message: String

    package init(_ message: String) {
        self.message = message
    }
}
