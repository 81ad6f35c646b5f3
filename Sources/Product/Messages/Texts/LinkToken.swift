internal import Database
package import FunctionContract
private import Security

/// The last part of a tracked address. It encodes the message and the position of the link in its
/// campaign. Nothing needs to be stored for each recipient.
package struct LinkToken: Sendable, Hashable {
    /// The limit of links in the texts of one campaign.
    package static let linkLimit = 256

    package let message: UUID
    package let position: Int

    package init(message: UUID, position: Int) {
        precondition((0..<Self.linkLimit).contains(position), "a campaign has few links")
        self.message = message
        self.position = position
    }

    /// Nil for a text that is not a token of ours.
    package init?(_ text: some StringProtocol) {
        guard let bytes = Base64URL.decode(text), bytes.count == 17,
            let message = UUID(bytes: bytes[..<16])
        else { return nil }
        self.init(message: message, position: Int(bytes[16]))
    }

    package var text: String { Base64URL.encode(message.bytes + [UInt8(position)]) }
}

extension UUID {
    fileprivate init?(bytes: ArraySlice<UInt8>) {
        guard bytes.count == 16 else { return nil }
        let halves = [bytes.prefix(8), bytes.suffix(8)].map { half in
            half.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        self.init(high: halves[0], low: halves[1])
    }
}
