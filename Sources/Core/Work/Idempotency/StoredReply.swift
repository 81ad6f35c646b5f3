internal import Database

/// A reply, as it was first sent.
package struct StoredReply: Sendable, Equatable {
    package let status: Int
    /// A JSON object of strings.
    package let headers: String
    package let body: [UInt8]

    package init(status: Int, headers: String = "{}", body: [UInt8]) {
        precondition((100...599).contains(status) && body.count <= Self.bodyLimit)
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The size limit of any reply.
    package static let bodyLimit = 6 << 20
}

extension StoredReply {
    /// Nil while the request has no reply yet.
    init?(_ row: Row) throws(DatabaseError) {
        guard let status: Int = try row.get("status") else { return nil }
        self.init(status: status, headers: try row.get("headers"), body: try row.get("body"))
    }
}
