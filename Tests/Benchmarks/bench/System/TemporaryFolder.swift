import Glibc
import Measurement

/// A folder under `/tmp`; it and all that is in it are gone when this value is.
struct TemporaryFolder: ~Copyable {
    let path: String

    init() throws(Failure) {
        var template = Array("/tmp/bench-XXXXXX".utf8CString)
        let isMade = unsafe template.withUnsafeMutableBufferPointer { name in
            unsafe mkdtemp(name.baseAddress!) != nil
        }
        guard isMade else { throw Failure("cannot make a folder in /tmp: \(lastError())") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        removeFolder(path)
    }

    /// Writes a file and the folders above it; returns its full path.
    @discardableResult
    func write(_ text: String, to name: String) throws(Failure) -> String {
        makeFolders(above: name)
        let file = "\(path)/\(name)"
        let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure("cannot write \(file): \(lastError())") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw Failure("cannot write \(file): \(lastError())")
        }
        return file
    }

    private func makeFolders(above name: String) {
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/\(part)"
            unsafe mkdir(folder, 0o700)
        }
    }
}

private func removeFolder(_ path: String) {
    guard let stream = unsafe opendir(path) else { return }
    defer { unsafe closedir(stream) }
    while let entry = unsafe readdir(stream) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
            unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { bytes in
                unsafe String(cString: bytes)
            }
        }
        guard name != ".", name != ".." else { continue }
        // A folder is what cannot be unlinked.
        if unsafe unlink("\(path)/\(name)") != 0 { removeFolder("\(path)/\(name)") }
    }
    unsafe rmdir(path)
}
