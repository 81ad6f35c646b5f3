package import Database

/// A request with an idempotency key takes effect once. A second request with the same key gets the
/// reply of the first.
///
/// A key belongs to a workspace and a caller, which are those of `identity`. No caller reaches the
/// replies of another.
package struct Idempotency {
    /// A request with its key.
    package struct Request: Sendable, Equatable {
        package let key: String
        /// SHA-256 of the method, the path and the body.
        package let digest: [UInt8]

        package init(key: String, digest: [UInt8]) {
            precondition((1...Self.keyLimit).contains(key.unicodeScalars.count))
            precondition(digest.count == 32, "a digest is SHA-256")
            self.key = key
            self.digest = digest
        }

        package static let keyLimit = 255
    }

    /// What to do with a request.
    package enum Decision: Sendable, Equatable {
        /// Perform the request, and store its reply under the ticket.
        case perform(Ticket)
        /// The request was done: send this reply, marked as a replay.
        case replay(StoredReply)
        /// The request is being performed now: 409.
        case inFlight
        /// The key was used for a different request: 422.
        case otherRequest
    }

    /// The right to answer a request. A process that takes over from a dead one gets a higher
    /// token.
    package struct Ticket: Sendable, Equatable {
        let key: String
        let token: Int
        /// Another process began the request and did not finish it in time.
        package var isTakeover: Bool { token > 1 }
    }

    private static let callerLimit = 200
    /// How long a reply is stored.
    package static let retention = Duration.seconds(24 * 3600)

    private let connection: Connection
    private let identity: Identity

    /// `identity` must name its caller.
    package init(_ connection: Connection, as identity: Identity) {
        let length = identity.caller?.unicodeScalars.count ?? 0
        precondition((1...Self.callerLimit).contains(length), "a key belongs to a caller")
        self.connection = connection
        self.identity = identity
    }

    /// Call this before any work. `lease` must cover the longest time the work may take. After the
    /// lease, the request counts as abandoned.
    package func begin(
        _ request: Request,
        lease: Duration
    ) throws(DatabaseError) -> Decision {
        let results = try connection.transaction(
            TransactionOptions(identity: identity),
            [IdempotencySQL.begin(request, lease, Self.retention), IdempotencySQL.read(request)]
        )
        if let row = results[0].first {
            let token: Int = try row.get("token")
            return .perform(Ticket(key: request.key, token: token))
        }
        guard let row = results[1].first else { return .inFlight }
        guard try row.get("digest", as: [UInt8].self) == request.digest else {
            return .otherRequest
        }
        return try StoredReply(row).map { .replay($0) } ?? .inFlight
    }

    /// Stores the reply in the transaction of the work, so that both are kept or neither. False
    /// when another process has taken over; then roll back the transaction. The transaction has the
    /// identity with which the request began.
    package static func finish(
        _ ticket: Ticket,
        _ reply: StoredReply,
        in transaction: Transaction
    ) throws(DatabaseError) -> Bool {
        try transaction.query(IdempotencySQL.finish(ticket, reply)).affected == 1
    }

    /// Stores the reply to a request whose work is already done. False when another process has
    /// taken over.
    @discardableResult
    package func finish(
        _ ticket: Ticket,
        _ reply: StoredReply
    ) throws(DatabaseError) -> Bool {
        let options = TransactionOptions(identity: identity)
        return try connection.transaction(options, [IdempotencySQL.finish(ticket, reply)])[0]
            .affected == 1
    }

    /// Releases the key after no work was done. The next request with the key counts as the first.
    package func forget(_ ticket: Ticket) throws(DatabaseError) {
        let options = TransactionOptions(identity: identity)
        try connection.transaction(options, [IdempotencySQL.forget(ticket)])
    }
}
