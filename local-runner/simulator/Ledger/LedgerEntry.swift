import FunctionContract
import Providers

/// The ledger's record of one request to send.
struct LedgerEntry {
    /// From 1, without gaps.
    var number: Int
    let at: Timestamp
    let send: Send
    let path: String
    /// A digest of the whole request body as it was received.
    let bodyDigest: String
    /// The number of this send among all sends to the recipient.
    let attempt: Int
    /// `accepted`, `reset`, `silence`, or the word for a refusal.
    let outcome: String
    /// Whether the message is sent to the recipient.
    let isTaken: Bool
    /// The provider's id, if the message is sent.
    let id: String?

    /// One line of JSON, including its line feed.
    var line: [UInt8] {
        var writer = JSONWriter(reserving: 512)
        writer.object { line in
            line.name("n")
            line.integer(number)
            line.name("time")
            line.integer(at.milliseconds)
            for (name, value) in texts {
                line.name(name)
                line.string(value)
            }
            line.name("attempt")
            line.integer(attempt)
            line.name("taken")
            line.bool(isTaken)
            if let id {
                line.name("id")
                line.string(id)
            }
            if let reference = send.reference {
                line.name("reference")
                line.string(reference)
            }
        }
        writer.newline()
        return writer.bytes
    }

    private var texts: [(String, String)] {
        [
            ("provider", send.account.provider.rawValue), ("account", send.account.id),
            ("path", path), ("recipient", send.recipient), ("kind", send.kind),
            ("step", send.step), ("content", digest(send.content)), ("body", bodyDigest),
            ("outcome", outcome),
        ]
    }
}
