package import Database

/// Requests that carry a key take effect once: the second with the same key gets the reply of the
/// first.
///
/// Keys belong to a workspace and a caller. The connection's transactions run as `identity`, so
/// that nobody reaches the replies of another workspace.
package struct Idempotency {
    /// Whose key it is, and what was asked with it.
    package struct Request: Sendable, Equatable {
        /// A member or an API key.
        package let caller: String
        package let key: String
        /// SHA-256 of the method, the path and the body.
        package let digest: [UInt8]

        package init(caller: String, key: String, digest: [UInt8]) {
            precondition((1...Self.callerLimit).contains(caller.unicodeScalars.count))
            precondition((1...Self.keyLimit).contains(key.unicodeScalars.count))
            precondition(digest.count == 32, "a digest is SHA-256")
            self.caller = caller
            self.key = key
            self.digest = digest
        }

        package static let keyLimit = 255
        private static let callerLimit = 200
    }

    /// What is to be done with a request.
    package enum Decision: Sendable, Equatable {
        /// It is to be done, and its reply kept under the ticket.
        case perform(Ticket)
        /// It was done: this is the reply, to be marked as a replay.
        case replay(StoredReply)
        /// It is being done right now: 409.
        case inFlight
        /// The key was used for another request: 422.
        case otherRequest
    }

    /// The right to answer a request. Whoever takes over from a process that died holds a higher
    /// token.
    package struct Ticket: Sendable, Equatable {
        let caller: String
        let key: String
        let token: Int
        /// Another process began the request and was never heard of again.
        package var isTakeover: Bool { token > 1 }
    }

    /// How long a reply is kept.
    package static let retention = Duration.seconds(24 * 3600)

    private let connection: Connection
    private let identity: Identity

    package init(_ connection: Connection, as identity: Identity) {
        self.connection = connection
        self.identity = identity
    }

    /// To be asked before anything is done. `lease` is at least as long as doing it may take: after
    /// that the request counts as given up.
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
            return .perform(Ticket(caller: request.caller, key: request.key, token: token))
        }
        guard let row = results[1].first else { return .inFlight }
        guard try row.get("digest", as: [UInt8].self) == request.digest else {
            return .otherRequest
        }
        return try StoredReply(row).map { .replay($0) } ?? .inFlight
    }

    /// Keeps the reply together with what the request did: both are there afterwards, or neither.
    /// False when another process has taken over; then the transaction must be abandoned.
    package static func finish(
        _ ticket: Ticket,
        _ reply: StoredReply,
        in transaction: Transaction
    ) throws(DatabaseError) -> Bool {
        try transaction.query(IdempotencySQL.finish(ticket, reply)).affected == 1
    }

    /// Keeps the reply to a request that has done its work. False when another process has taken
    /// over.
    @discardableResult
    package func finish(
        _ ticket: Ticket,
        _ reply: StoredReply
    ) throws(DatabaseError) -> Bool {
        let options = TransactionOptions(identity: identity)
        return try connection.transaction(options, [IdempotencySQL.finish(ticket, reply)])[0]
            .affected == 1
    }

    /// Nothing was done: the next request with the key is the first again.
    package func forget(_ ticket: Ticket) throws(DatabaseError) {
        let options = TransactionOptions(identity: identity)
        try connection.transaction(options, [IdempotencySQL.forget(ticket)])
    }
}
