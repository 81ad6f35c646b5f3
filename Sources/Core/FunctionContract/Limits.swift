/// The size limits shared by all hosts and functions.
package enum Limits {
    /// A request body: the limit of Lambda, and more than any webhook sends.
    package static let bodyBytes = 6 * 1024 * 1024
    /// An encoded reply: the exact limit of Lambda, which refuses one byte more.
    package static let replyBytes = 6_291_556
    /// An encoded event: a body of control characters grows sixfold in JSON.
    package static let eventBytes = 6 * bodyBytes + 1024 * 1024
}
