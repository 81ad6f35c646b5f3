import Glibc
import Measurement

/// A folder that is gone when this value is, with all that is in it.
struct TemporaryFolder: ~Copyable {
    let path: String

    /// Makes it in `/tmp`. What must be on a disk goes to `/var/tmp`: `/tmp` may be memory.
    init(in parent: String = "/tmp") throws(Failure) {
        var template = Array("\(parent)/bench-XXXXXX".utf8CString)
        let isMade = unsafe template.withUnsafeMutableBufferPointer { name in
            unsafe mkdtemp(name.baseAddress!) != nil
        }
        guard isMade else { throw Failure("cannot make a folder in \(parent): \(lastError())") }
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
        try writeFile(file, Array(text.utf8))
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
    for name in (try? names(in: path)) ?? [] where unsafe unlink("\(path)/\(name)") != 0 {
        removeFolder("\(path)/\(name)")
    }
    unsafe rmdir(path)
}
