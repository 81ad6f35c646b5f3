import Glibc

/// A shell script that cannot outlive the tests: it reads from a stream that only this process can
/// write to, and however this process ends, that stream ends with it.
///
/// The script prints one line when it is ready, then reads, then cleans up after itself.
final class TetheredShell: Sendable {
    /// What the script printed; nil when it ended without a line.
    let firstLine: String?
    private let process: pid_t
    private let tether: CInt

    init(_ script: String, _ arguments: [String]) {
        let input = Self.stream()
        let output = Self.stream()
        process = Self.spawn(
            ["/bin/sh", "-c", script, "sh"] + arguments,
            input: input.far,
            output: output.far
        )
        close(input.far)
        close(output.far)
        tether = input.near
        firstLine = Self.line(from: output.near)
        close(output.near)
    }

    /// Ends the script and waits until it has cleaned up.
    func stop() {
        close(tether)
        waitpid(process, nil, 0)
    }

    /// Starts a program with these standard streams and no other; stderr is shared.
    private static func spawn(_ arguments: [String], input: CInt, output: CInt) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        // A server that held the end of another test's pipe would keep that test waiting for ever.
        for number in 3..<Spawn.descriptorLimit {
            unsafe posix_spawn_file_actions_addclose(&actions, number)
        }
        let texts = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe texts.forEach { unsafe free($0) } }
        var process = pid_t()
        let code = unsafe posix_spawn(&process, arguments[0], &actions, nil, texts, environ)
        precondition(code == 0, "cannot run \(arguments[0])")
        return process
    }

    /// Two connected ends that no other child inherits.
    private static func stream() -> (near: CInt, far: CInt) {
        var ends: [CInt] = [0, 0]
        // `pipe2` is not in Swift's Glibc; a pipe marked afterwards could leak in between.
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let code = unsafe socketpair(AF_UNIX, type, 0, &ends)
        precondition(code == 0, "no descriptors left")
        return (ends[0], ends[1])
    }

    private static func line(from descriptor: CInt) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while unsafe read(descriptor, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }
}
