package import Database
package import FunctionContract
package import Security
private import Work

/// All sealed secrets in the database, and the master key of each.
///
/// A rotation puts a new key in front of the old one and reseals all secrets with it. After that,
/// the old key can be removed.
package struct SealedColumns {
    /// The number of secrets of one kind that one key seals.
    package struct Share: Sendable, Equatable {
        package let kind: String
        /// The id of the key: eight hexadecimal digits derived from it.
        package let key: String
        package let count: Int
    }

    /// A secret that could not be opened, and why.
    package struct Problem: Sendable, Equatable {
        package let kind: String
        package let id: UUID
        package let reason: String
    }

    package struct Batch: Sendable, Equatable {
        /// The number of secrets that were opened.
        package var opened = 0
        /// The number of secrets that were resealed with the current key.
        package var resealed = 0
        /// The number of secrets that another key still seals.
        package var outdated = 0
        package var problems: [Problem] = []
        /// The start of the next batch; nil after the last.
        package var next: Place?
    }

    /// A position in the order in which all secrets are read.
    package struct Place: Sendable, Equatable {
        package let kind: Int
        package let id: UUID

        package init(kind: Int, id: UUID) {
            self.kind = kind
            self.id = id
        }
    }

    package static let batchLimit = 200

    private let connection: Connection
    private let secrets: SealedSecrets

    package init(_ connection: Connection, _ secrets: SealedSecrets) {
        self.connection = connection
        self.secrets = secrets
    }

    /// The number of secrets for each kind and key.
    package func shares() throws(AccountError) -> [Share] {
        try AccountError.wrap { () throws(DatabaseError) in
            var shares: [Share] = []
            for column in SealedColumn.all {
                shares += try platform(column.shares).map { (row) throws(DatabaseError) in
                    Share(
                        kind: column.kind,
                        key: try row.get("key"),
                        count: try row.get("count")
                    )
                }
            }
            return shares
        }
    }

    /// Opens the secrets after `place`. With `resealing` it also reseals those that another key
    /// than the current one seals. Repeating a batch is harmless.
    package func batch(
        after place: Place?,
        resealing: Bool
    ) throws(AccountError) -> Batch {
        let kind = place?.kind ?? 0
        var batch = Batch()
        guard SealedColumn.all.indices.contains(kind) else { return batch }
        let column = SealedColumn.all[kind]
        try AccountError.wrap { () throws(DatabaseError) in
            let found = try read(column, after: place?.id)
            for secret in found { try handle(secret, in: column, resealing, &batch) }
            if found.count == Self.batchLimit, let last = found.last {
                batch.next = Place(kind: kind, id: last.id)
            } else if kind + 1 < SealedColumn.all.count {
                batch.next = Place(kind: kind + 1, id: UUID(high: 0, low: 0))
            }
        }
        return batch
    }

    private func handle(
        _ secret: SealedSecret,
        in column: SealedColumn,
        _ resealing: Bool,
        _ batch: inout Batch
    ) throws(DatabaseError) {
        let isCurrent = secrets.isSealedWithCurrentKey(secret.bytes)
        let anew: [UInt8]
        do throws(SecurityError) {
            let context = column.context(of: secret.id)
            let bytes = try secrets.open(secret.bytes, for: context)
            batch.opened += 1
            if isCurrent { return }
            anew = try secrets.seal(bytes, for: context)
        } catch {
            batch.problems.append(
                Problem(kind: column.kind, id: secret.id, reason: error.description)
            )
            return
        }
        guard resealing else { return batch.outdated += 1 }
        // A secret that was replaced meanwhile is skipped: its writer has sealed the new one.
        let changed = try connection.transaction(
            TransactionOptions(identity: .service(secret.workspace)),
            [column.replace(secret, with: anew)]
        )[0].affected
        batch.resealed += changed
    }

    private func read(
        _ column: SealedColumn,
        after id: UUID?
    ) throws(DatabaseError) -> [SealedSecret] {
        try platform(column.page(after: id, limit: Self.batchLimit))
            .map(SealedSecret.init)
    }

    private func platform(_ statement: Statement) throws(DatabaseError) -> Rows {
        try connection.platform(statement)[0]
    }
}

/// A sealed secret, the id of its row and its workspace.
struct SealedSecret {
    let id: UUID
    let workspace: UUID
    let bytes: [UInt8]

    fileprivate init(_ row: Row) throws(DatabaseError) {
        id = try row.get("id")
        workspace = try row.get("workspace")
        bytes = try row.get("sealed")
    }
}
