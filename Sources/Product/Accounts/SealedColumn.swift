internal import Database
internal import FunctionContract

/// A column that holds sealed secrets. `all` lists every such column.
struct SealedColumn {
    /// A description of the secrets, for operators.
    let kind: String
    private let table: String
    private let column: String
    /// The context that binds a sealed secret to the row with this id.
    private let context: (UUID) -> String

    static var all: [SealedColumn] {
        [
            SealedColumn(kind: "channel token", table: "relais.channel", column: "access") {
                ChannelSeal.context($0, "access")
            },
            SealedColumn(kind: "channel webhook", table: "relais.channel", column: "webhook") {
                ChannelSeal.context($0, "webhook")
            },
        ]
    }

    private init(
        kind: String,
        table: String,
        column: String,
        context: @escaping (UUID) -> String
    ) {
        self.kind = kind
        self.table = table
        self.column = column
        self.context = context
    }

    func context(of id: UUID) -> String { context(id) }

    // The names of tables and columns come from the list above, never from input. Values are bound.

    /// Counts the secrets of each key. The id of the key follows the version byte.
    var shares: Statement {
        Statement(
            """
            SELECT encode(substring(\(column) FROM 2 FOR 4), 'hex') AS key, count(*) AS count
            FROM \(table) GROUP BY key ORDER BY key
            """
        )
    }

    func page(after id: UUID?, limit: Int) -> Statement {
        Statement(
            """
            SELECT id, workspace, \(column) AS sealed FROM \(table)
            WHERE $1 IS NULL OR id > $1 ORDER BY id LIMIT $2
            """,
            .uuid(id),
            .int(limit)
        )
    }

    /// Changes nothing if the stored secret is no longer the one that was read.
    func replace(_ secret: SealedSecret, with sealed: [UInt8]) -> Statement {
        Statement(
            "UPDATE \(table) SET \(column) = $2 WHERE id = $1 AND \(column) = $3",
            .uuid(secret.id),
            .bytes(sealed),
            .bytes(secret.bytes)
        )
    }
}
