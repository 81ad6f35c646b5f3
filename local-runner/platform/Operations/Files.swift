import Glibc

// The few system calls that the platform needs.

func contents(ofFile path: String) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe read(descriptor, $0.baseAddress, $0.count)
        }
        if count < 0 { return nil }
        if count == 0 { return bytes }
        bytes.append(contentsOf: buffer[..<count])
    }
}

/// The names of the folders in `path`, sorted, without hidden ones; nil when `path` is no folder.
func subfolders(of path: String) -> [String]? {
    guard let folder = unsafe opendir(path) else { return nil }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
        let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
            unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if !name.hasPrefix("."), isFolder("\(path)/\(name)") { names.append(name) }
    }
    return names.sorted()
}

func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

func isExecutable(_ path: String) -> Bool {
    unsafe access(path, X_OK) == 0 && !isFolder(path)
}

/// The absolute form of `path`, relative to `folder` or to the working folder.
func absolutePath(_ path: String, in folder: String = "") -> String {
    if path.hasPrefix("/") { return path }
    if !folder.isEmpty { return absolutePath("\(folder)/\(path)") }
    guard let current = unsafe getcwd(nil, 0) else { return path }
    defer { unsafe free(current) }
    return unsafe "\(String(cString: current))/\(path)"
}

/// The folder of the executable of this process.
func executableFolder() -> String {
    guard let path = unsafe realpath("/proc/self/exe", nil) else { return "." }
    defer { unsafe free(path) }
    let parts = unsafe String(cString: path).split(separator: "/")
    return "/" + parts.dropLast().joined(separator: "/")
}

/// The resident memory of a process, from `/proc`; nil when the process is gone.
func residentBytes(ofProcess pid: Int32) -> Int? {
    guard let bytes = contents(ofFile: "/proc/\(pid)/statm") else { return nil }
    let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    return fields.count > 1 ? Int(fields[1]).map { $0 * sysconf(Int32(_SC_PAGESIZE)) } : nil
}

/// The number of open descriptors of this process.
func openDescriptorCount() -> Int {
    guard let folder = unsafe opendir("/proc/self/fd") else { return 0 }
    defer { unsafe closedir(folder) }
    var count = 0
    while unsafe readdir(folder) != nil { count += 1 }
    // ".", ".." and the descriptor of the folder itself.
    return count - 3
}

/// Raises the soft limit of open descriptors to the hard limit. The soft limit is often 1024, and
/// each connection takes one.
func raiseDescriptorLimit() {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard unsafe getrlimit(resource, &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    unsafe _ = setrlimit(resource, &limit)
}

/// Whether the system knows a timezone of that name; true when it knows no timezones at all.
func isTimezone(_ name: String) -> Bool {
    let database = "/usr/share/zoneinfo"
    guard name != "UTC", isFolder(database) else { return true }
    let isName = name.utf8.allSatisfy { byte in
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
            || (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
            || "/_+-".utf8.contains(byte)
    }
    guard isName, !name.hasPrefix("/") else { return false }
    return contents(ofFile: "\(database)/\(name)")?.starts(with: "TZif".utf8) ?? false
}

/// The reason for the last failed system call.
func lastSystemError() -> String {
    unsafe String(cString: strerror(errno))
}

/// The number of descriptors that this process may have open.
func openFileLimit() -> Int {
    var limit = rlimit()
    let result = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return result == 0 ? Int(clamping: limit.rlim_cur) : .max
}

/// `path` and all folders below it; empty when there is no such folder.
func folderTree(_ path: String) -> [String] {
    guard let children = subfolders(of: path) else { return [] }
    return [path] + children.flatMap { folderTree("\(path)/\($0)") }
}

/// Creates `path` and its missing parents.
func makeFolder(_ path: String) {
    var prefix = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
        prefix += prefix.isEmpty && !path.hasPrefix("/") ? String(part) : "/\(part)"
        if !part.isEmpty { unsafe mkdir(prefix, 0o755) }
    }
}

/// Makes `link` a hard link to `target`, atomically for readers of `link`. It makes a copy when the
/// two are on different file systems.
func replaceLink(at link: String, to target: String) -> Bool {
    let fresh = link + ".new"
    unsafe unlink(fresh)
    guard unsafe Glibc.link(target, fresh) == 0 || errno == EXDEV && copy(target, to: fresh) else {
        return false
    }
    guard unsafe rename(fresh, link) == 0 else { return false }
    // Renaming a link over another link to the same file leaves both in place.
    unsafe unlink(fresh)
    return true
}

/// Copies an executable.
private func copy(_ file: String, to place: String) -> Bool {
    guard let bytes = contents(ofFile: file) else { return false }
    let descriptor = unsafe open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o755)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var start = 0
    while start < bytes.count {
        let count = writeOnce(bytes, from: start, to: descriptor, isSocket: false)
        guard count > 0 else { return false }
        start += count
    }
    return true
}

/// Replaces this process by another program, with the same environment and terminal. Returns only
/// on failure, with the reason.
func become(_ program: String, _ arguments: [String]) -> String {
    var words = unsafe ([program] + arguments).map { unsafe strdup($0) }
    unsafe words.append(nil)
    unsafe execv(program, &words)
    return unsafe String(cString: strerror(errno))
}

/// The type of a descriptor's file: `S_IFREG`, `S_IFIFO` and so on.
func kindOfFile(_ descriptor: CInt) -> mode_t {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0
}

/// A second, non-blocking descriptor for the same terminal or pipe. `descriptor` itself stays
/// blocking, as the processes that share it expect.
func reopenWithoutWaiting(_ descriptor: CInt) -> CInt? {
    let path = "/proc/self/fd/\(descriptor)"
    let own = unsafe open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    return own >= 0 ? own : nil
}

/// One write of the bytes from `start` on. Returns how many were taken; a negative result sets
/// `errno`.
func writeOnce(
    _ bytes: [UInt8],
    from start: Int,
    to descriptor: CInt,
    isSocket: Bool
) -> Int {
    unsafe bytes.withUnsafeBytes { buffer in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[start...])
        return unsafe isSocket
            ? send(descriptor, rest.baseAddress, rest.count, CInt(MSG_DONTWAIT))
            : write(descriptor, rest.baseAddress, rest.count)
    }
}

/// Whether a write becomes possible before the time is up.
func waitForRoom(in descriptor: CInt, _ milliseconds: CInt) -> Bool {
    var waited = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return unsafe poll(&waited, 1, milliseconds) > 0
}
