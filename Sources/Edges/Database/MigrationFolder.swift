private import Glibc

/// Reads migrations from a folder.
enum MigrationFolder {
    /// More than any migration needs; a stray dump is refused.
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
        var content: [UInt8] = []
        while true {
            let piece = unsafe [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                count = max(0, unsafe read(file, buffer.baseAddress, buffer.count))
            }
            if piece.isEmpty { break }
            content += piece
            guard content.count <= sizeLimit else {
                throw DatabaseError(.migration, "\(path) is larger than \(sizeLimit) bytes")
            }
        }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw DatabaseError(.migration, "\(path) is not UTF-8")
        }
        return text
    }

    private static func unreadable(_ path: String) -> DatabaseError {
        let reason = unsafe String(cString: strerror(errno))
        return DatabaseError(.migration, "cannot read \(path): \(reason)")
    }
}
