import Glibc

/// A folder that goes away with this object, and with it the files written through it.
final class TemporaryFolder {
    let path: String
    private var names: Set<String> = []

    init() {
        var template = Array("/tmp/relais-test.XXXXXX".utf8CString)
        let made = unsafe mkdtemp(&template)
        precondition(unsafe made != nil, "cannot make a folder in /tmp")
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in names { unsafe unlink("\(path)/\(name)") }
        unsafe rmdir(path)
    }

    func write(_ text: String, to name: String) {
        names.insert(name)
        let file = unsafe open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        precondition(file >= 0, "cannot write \(name)")
        let bytes = Array(text.utf8)
        let written = unsafe Glibc.write(file, bytes, bytes.count)
        precondition(written == bytes.count, "cannot write \(name)")
        close(file)
    }
}
