/// Uploaded files. The oldest are removed when there are too many or the total is too large.
struct MediaBook {
    struct File {
        let mimeType: String
        let bytes: [UInt8]
    }

    static let byteLimit = 64 * 1024 * 1024
    static let limit = 10_000

    private var files: [String: File] = [:]
    private var order: [String] = []
    private var byteCount = 0

    subscript(id: String) -> File? { files[id] }

    mutating func add(_ file: File, as id: String) {
        files[id] = file
        order.append(id)
        byteCount += file.bytes.count
        while byteCount > Self.byteLimit || files.count > Self.limit, let first = order.first {
            remove(first)
        }
    }

    /// Returns whether the file existed.
    @discardableResult
    mutating func remove(_ id: String) -> Bool {
        guard let file = files.removeValue(forKey: id) else { return false }
        order.removeAll { $0 == id }
        byteCount -= file.bytes.count
        return true
    }
}
