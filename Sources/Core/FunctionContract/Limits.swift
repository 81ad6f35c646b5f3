/// The sizes that every host and every function agree on.
package enum Limits {
    /// A request body: what Lambda takes, and more than any webhook sends.
    package static let bodyBytes = 6 * 1024 * 1024
    /// A reply as it stands on the wire; Lambda refuses one byte more.
    package static let replyBytes = 6_291_556
    /// An event as it stands on the wire: a body of control characters grows sixfold as JSON.
    package static let eventBytes = 6 * bodyBytes + 1024 * 1024
}
