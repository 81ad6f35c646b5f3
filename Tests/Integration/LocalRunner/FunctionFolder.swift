import Glibc

/// A project in a temporary folder, as `local-runner` wants it: functions and what goes with them.
/// It is gone when the test lets go of it.
final class FunctionFolder {
    let path: String

    init(_ functions: SampleFunction...) throws {
        var template = Array("/tmp/relais-runner-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw SystemCallFailed("mkdtemp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try makeFolder("functions")
        for function in functions { try add(function) }
    }

    deinit {
        Self.remove(path)
    }

    private static func remove(_ path: String) {
        guard unsafe unlink(path) != 0, errno == EISDIR, let folder = unsafe opendir(path) else {
            return
        }
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
                unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { remove("\(path)/\(name)") }
        }
        unsafe closedir(folder)
        unsafe rmdir(path)
    }

    func add(_ function: SampleFunction) throws {
        try makeFolder("functions/\(function.name)")
        try write(function.manifest, to: "functions/\(function.name)/function.json")
        if let program = function.program {
            try write(program, to: "functions/\(function.name)/main", isExecutable: true)
        }
    }

    /// Lets every `held` request of `desk` be answered, those to come as well.
    func release() throws { try write("", to: "functions/desk/released") }

    /// Makes the folder at `place`, whose parent is there.
    func makeFolder(_ place: String) throws {
        guard unsafe mkdir("\(path)/\(place)", 0o755) == 0 else {
            throw SystemCallFailed("mkdir \(place)")
        }
    }

    /// Puts a file in place in one step, as editors do.
    func write(_ text: String, to place: String, isExecutable: Bool = false) throws {
        let fresh = "\(path)/.fresh"
        let file = unsafe open(
            fresh,
            O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
            isExecutable ? 0o755 : 0o644
        )
        guard file >= 0 else { throw SystemCallFailed("open \(place)") }
        let bytes = Array(text.utf8)
        let count = unsafe Glibc.write(file, bytes, bytes.count)
        close(file)
        guard count == bytes.count, unsafe rename(fresh, "\(path)/\(place)") == 0 else {
            throw SystemCallFailed("write \(place)")
        }
    }

    func contents(of place: String) -> String? {
        let file = unsafe open("\(path)/\(place)", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe read(file, &bytes, bytes.count)
        return count >= 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
