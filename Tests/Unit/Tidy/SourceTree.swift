import Glibc

/// The files of the package as they lie on the disk, what Git ignores left out.
struct SourceTree {
    struct File {
        /// From the package's root, with slashes.
        let path: String
        let text: String
        /// Empty for what is no Swift.
        let code: SwiftCode

        init(path: String, text: String) {
            self.path = path
            self.text = text
            code = SwiftCode(path.hasSuffix(".swift") ? text : "")
        }

        var folders: [Substring] { path.split(separator: "/").dropLast() }
        var name: Substring { path.split(separator: "/").last ?? "" }
        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        var isSwift: Bool { path.hasSuffix(".swift") }
    }

    let files: [File]

    /// Read once for all tests.
    static let package = SourceTree(root: root)

    /// The Swift files that make up the product.
    var productFiles: [File] {
        files.filter {
            $0.isSwift && ["Sources", "functions", "local-runner"].contains($0.folders.first)
        }
    }

    func files(under folder: String) -> [File] {
        files.filter { $0.path.hasPrefix(folder + "/") }
    }

    private init(root: String) {
        var files: [File] = []
        Self.visit(root, "") { files.append($0) }
        self.files = files.sorted { $0.path < $1.path }
    }

    private static let root = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()

    private static let ignored: Set = [".git", ".build", ".local", ".env", ".swiftpm", ".DS_Store"]

    private static func visit(_ root: String, _ folder: String, _ file: (File) -> Void) {
        for name in names(in: root + folder) where !ignored.contains(name) {
            let path = "\(folder)/\(name)"
            switch kind(of: root + path) {
            case S_IFDIR: visit(root, path, file)
            case S_IFREG:
                guard let text = text(of: root + path) else { continue }
                file(File(path: String(path.dropFirst()), text: text))
            default: continue
            }
        }
    }

    private static func names(in folder: String) -> [String] {
        guard let directory = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func kind(of path: String) -> mode_t {
        var status = stat()
        return unsafe lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
    }

    /// Nil for what is no text: pictures, models, archives.
    private static func text(of path: String) -> String? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1_000_000)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        bytes.removeLast(bytes.count - count)
        return String(validating: bytes, as: UTF8.self)
    }
}
