import Glibc

/// What `/proc` says about running processes.
enum ProcessTable {
    /// What the descriptors of a process lead to, by number. Nil once the process is gone.
    static func descriptors(of process: pid_t) -> [CInt: String]? {
        guard let numbers = names(in: "/proc/\(process)/fd") else { return nil }
        var descriptors: [CInt: String] = [:]
        for number in numbers.compactMap({ CInt($0) }) {
            descriptors[number] = linkTarget("/proc/\(process)/fd/\(number)")
        }
        return descriptors
    }

    /// The processes that `process` started and that still run; the ended are not counted.
    static func children(of process: pid_t) -> [pid_t] {
        running { $0.parent == process }
    }

    static func members(ofGroup group: pid_t) -> [pid_t] {
        running { $0.group == group }
    }

    /// The environment block of a process, as whoever may look finds it.
    static func environment(of process: pid_t) -> String? {
        contents(of: "/proc/\(process)/environ")
    }

    /// The most memory that a process has had in RAM so far.
    static func peakBytes(of process: pid_t) -> Int? {
        let lines = contents(of: "/proc/\(process)/status")?.split(separator: "\n") ?? []
        let words = lines.first { $0.hasPrefix("VmHWM:") }?.split(separator: " ") ?? []
        return words.count > 1 ? Int(words[1]).map { $0 * 1024 } : nil
    }

    private struct Status {
        let state: Substring
        let parent: pid_t
        let group: pid_t
    }

    private static func running(_ isIncluded: (Status) -> Bool) -> [pid_t] {
        (names(in: "/proc") ?? []).compactMap { pid_t($0) }.filter { process in
            guard let status = status(of: process), status.state != "Z" else { return false }
            return isIncluded(status)
        }
    }

    /// From `/proc/…/stat`: `id (name) state parent group …`; the name may hold anything.
    private static func status(of process: pid_t) -> Status? {
        guard let text = contents(of: "/proc/\(process)/stat"),
            let nameEnd = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[nameEnd...].split(separator: " ")
        guard fields.count > 3, let parent = pid_t(fields[2]), let group = pid_t(fields[3])
        else { return nil }
        return Status(state: fields[1], parent: parent, group: group)
    }

    static func names(in directory: String) -> [String]? {
        guard let stream = unsafe opendir(directory) else { return nil }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                let capacity = MemoryLayout.size(ofValue: unsafe name.pointee)
                unsafe name.withMemoryRebound(to: CChar.self, capacity: capacity) {
                    names.append(unsafe String(cString: $0))
                }
            }
        }
        return names
    }

    private static func contents(of path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}

/// Where the symbolic link at `path` leads.
func linkTarget(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink(path, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
