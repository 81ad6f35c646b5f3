import Glibc

/// An empty folder that is removed, with the files in it, when the test lets go of it.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/relais-test.XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw SystemCallFailed("mkdtemp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in ProcessTable.names(in: path) ?? [] { unsafe unlink("\(path)/\(name)") }
        unsafe rmdir(path)
    }

    /// A new named pipe: who opens one end waits for somebody at the other.
    func fifo(_ name: String = "fifo") throws -> String {
        let path = "\(path)/\(name)"
        guard unsafe mkfifo(path, 0o600) == 0 else { throw SystemCallFailed("mkfifo \(path)") }
        return path
    }
}
