/// The versions of PostgreSQL and pgvector that are required.
enum Requirements {
    private static let serverVersion = 15
    private static let vectorVersion = [0, 8]

    static func check(_ connection: Connection) throws(DatabaseError) {
        let row = try connection.query(
            """
            SELECT current_setting('server_version_num')::int / 10000 AS server,
                (SELECT default_version FROM pg_available_extensions
                 WHERE name = 'vector') AS available,
                (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS installed
            """
        )[0]
        try check(
            server: row.get("server"),
            available: row.get("available"),
            installed: row.get("installed")
        )
    }

    static func check(
        server: Int,
        available: String?,
        installed: String?
    ) throws(DatabaseError) {
        guard server >= serverVersion else {
            throw refusal("PostgreSQL \(server) is too old: \(serverVersion) or newer is needed")
        }
        if let installed, !isEnough(installed) {
            throw refusal(
                "extension vector \(installed) is too old: install 0.8 or newer on the server,"
                    + " then ALTER EXTENSION vector UPDATE"
            )
        }
        guard let available = available ?? installed else {
            throw refusal("the server has no extension vector: install pgvector 0.8 or newer")
        }
        guard isEnough(available) else {
            throw refusal("pgvector \(available) is too old: install 0.8 or newer")
        }
    }

    private static func isEnough(_ version: String) -> Bool {
        let numbers = version.split(separator: ".").map { Int($0) ?? 0 }
        return !numbers.lexicographicallyPrecedes(vectorVersion)
    }

    private static func refusal(_ message: String) -> DatabaseError {
        DatabaseError(.migration, message)
    }
}
