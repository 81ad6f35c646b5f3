internal import Campaigns
package import Database
internal import FunctionContract
package import Messages
private import Work

/// Opens the tracked links of messages.
package enum Links {
    /// Returns the link's target and records the click if a person opened it; nil when there is no
    /// such link.
    package static func open(
        _ token: LinkToken,
        by visitor: LinkVisitor,
        on connection: Connection
    ) throws(InboundError) -> WebLink? {
        let rows = try InboundError.wrap { () throws(DatabaseError) in
            try connection.platform(statement(token, visitor))[0]
        }
        return try InboundError.wrap { () throws(DatabaseError) in
            try rows.first.flatMap { (row) throws(DatabaseError) in
                WebLink(try row.get("url", as: String.self))
            }
        }
    }

    private static func statement(_ token: LinkToken, _ visitor: LinkVisitor) -> Statement {
        Statement(
            "SELECT url FROM relais.open_link($1, $2::smallint, $3, $4, $5, $6)",
            .uuid(token.message),
            .int32(Int32(token.position)),
            .bool(visitor.isPerson),
            .uuid(.v7()),
            .uuid(.v7()),
            .text(visitor.agent?.storable)
        )
    }
}

extension WebLink {
    /// The address in the form that a header can carry: bytes outside ASCII are percent-encoded.
    package var location: String {
        var bytes: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            if byte < 0x80 {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
