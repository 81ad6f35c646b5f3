private import Glibc

/// Reads migrations from a folder.
enum MigrationFolder {
    /// More than any migration needs; refuses a database dump left here by mistake.
    private static let sizeLimit = 16 << 20

    static func migrations(in folder: String) throws(DatabaseError) -> [Migration] {
        var migrations: [Migration] = []
        for name in try names(in: folder) where name.hasSuffix(Migration.ending) {
            let sql = try text(of: folder + "/" + name)
            guard let migration = Migration(fileName: name, sql: sql) else {
                throw DatabaseError(
                    .migration,
                    "\(folder)/\(name): a migration is named NNNN_name.sql, in small letters"
                )
            }
            guard SQLText(sql).isComplete else {
                throw DatabaseError(
                    .migration,
                    "\(folder)/\(name) ends in the middle of a statement: it was cut short."
                        + " Copy it again; nothing was changed"
                )
            }
            migrations.append(migration)
        }
        return try MigrationPlan.inOrder(migrations)
    }

    private static func names(in folder: String) throws(DatabaseError) -> [String] {
        guard let directory = unsafe opendir(folder) else { throw unreadable(folder) }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.append(name)
        }
        return names
    }

    private static func text(of path: String) throws(DatabaseError) -> String {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw unreadable(path) }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { throw unreadable(path) }
        guard status.st_size <= sizeLimit else {
            throw DatabaseError(.migration, "\(path) is larger than \(sizeLimit) bytes")
        }
        guard let content = bytes(of: file, upTo: Int(status.st_size) + 1) else {
            throw unreadable(path)
        }
        guard !content.isEmpty, content.count == status.st_size else {
            throw DatabaseError(
                .migration,
                "\(path) holds \(content.count) bytes of \(status.st_size): it is empty, or "
                    + "somebody is writing it. Nothing was changed; try again"
            )
        }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw DatabaseError(.migration, "\(path) is not UTF-8")
        }
        return text
    }

    /// Nil when a read fails, with the reason in `errno`.
    private static func bytes(of file: Int32, upTo limit: Int) -> [UInt8]? {
        var content: [UInt8] = []
        while content.count < limit {
            var failed = false
            let piece = unsafe [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                let result = unsafe read(file, buffer.baseAddress, buffer.count)
                failed = result < 0
                count = max(0, result)
            }
            if failed { return nil }
            if piece.isEmpty { break }
            content += piece
        }
        return content
    }

    private static func unreadable(_ path: String) -> DatabaseError {
        let reason = unsafe String(cString: strerror(errno))
        return DatabaseError(.migration, "cannot read \(path): \(reason)")
    }
}
