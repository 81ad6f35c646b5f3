internal import CUV
private import Glibc

/// A running program and our ends of its pipes.
///
/// By the time `onExit` returns, the process is reaped and its handle is closing. The caller must
/// close the streams: they may still hold output after the exit.
@safe package final class ChildProcess: Handle {
    /// The id of the process, and of its process group when it leads one.
    package let pid: Int32
    /// Our end of each descriptor that is a pipe, in the order of the command.
    package let streams: [Stream?]
    private let leadsGroup: Bool
    private var onExit: ((ExitStatus) -> Void)?

    /// Starts the program. On failure, throws an error that names it and leaves no descriptor open.
    package convenience init(
        on loop: EventLoop,
        _ command: ChildCommand,
        onExit: @escaping (ExitStatus) -> Void
    ) throws(UVError) {
        var pipes = try ChildPipes(on: loop, command.descriptors)
        defer { pipes.closeChildEnds() }
        let raw: UnsafeMutablePointer<uv_process_t>
        do throws(UVError) {
            unsafe raw = try command.spawn(on: loop, pipes.childEnds)
        } catch {
            pipes.closeStreams()
            throw error
        }
        unsafe self.init(adopting: raw, pipes.streams, command, onExit)
    }

    private init(
        adopting raw: UnsafeMutablePointer<uv_process_t>,
        _ streams: [Stream?],
        _ command: ChildCommand,
        _ onExit: @escaping (ExitStatus) -> Void
    ) {
        unsafe pid = raw.pointee.pid
        self.streams = streams
        self.onExit = onExit
        leadsGroup = command.isSessionLeader
        unsafe super.init(adopting: raw)
        for limit in command.limits {
            // Fails only when the child has already ended or its hard limit is lower.
            let value = rlim_t(limit.value)
            _ = cuv_limit_process(pid, limit.resource, value, value)
        }
    }

    /// Whether the program has not ended, as far as the loop knows.
    package var isRunning: Bool { onExit != nil }

    /// The pipe to the child's standard input.
    package var standardInput: Stream? { stream(0) }
    /// The pipe from the child's standard output.
    package var standardOutput: Stream? { stream(1) }
    /// The pipe from the child's standard error.
    package var standardError: Stream? { stream(2) }

    /// Sends a signal to the process. Does nothing after it has ended.
    package func kill(_ signal: Int32) {
        guard isRunning else { return }
        _ = uv_kill(pid, signal)
    }

    /// Sends a signal to the process and its group, until `onExit` has returned.
    ///
    /// The group may outlive its leader. But after the leader is gone, the system may reuse the
    /// group's id.
    package func killGroup(_ signal: Int32) {
        precondition(leadsGroup, "the child shares the process group of its parent")
        guard isRunning else { return }
        _ = uv_kill(-pid, signal)
    }

    /// Closes our ends of all the pipes.
    package func closeStreams() {
        for stream in streams { stream?.close() }
    }

    private func stream(_ descriptor: Int) -> Stream? {
        descriptor < streams.count ? streams[descriptor] : nil
    }

    fileprivate func didExit(_ status: ExitStatus) {
        onExit?(status)
        onExit = nil
        closeHandle()
    }
}

extension ChildCommand {
    fileprivate func spawn(
        on loop: EventLoop,
        _ childEnds: [uv_stdio_container_t]
    ) throws(UVError) -> UnsafeMutablePointer<uv_process_t> {
        // The child must not inherit descriptors that a library or our own parent left open.
        _ = cuv_close_all_on_exec()
        let raw = UnsafeMutablePointer<uv_process_t>.allocate(capacity: 1)
        let result = unsafe withOptions(childEnds) { unsafe uv_spawn(loop.raw, raw, $0) }
        guard result == 0 else {
            // A failed spawn still initialises the handle; libuv needs its memory until the close.
            let handle = unsafe UnsafeMutableRawPointer(raw).assumingMemoryBound(
                to: uv_handle_t.self
            )
            unsafe uv_close(handle) {
                unsafe $0!.withMemoryRebound(to: uv_process_t.self, capacity: 1) {
                    unsafe $0.deallocate()
                }
            }
            throw UVError(code: result, operation: failedOperation(result))
        }
        return unsafe raw
    }

    // The system reports a missing working directory and a missing program with the same error.
    private func failedOperation(_ result: Int32) -> String {
        guard let workingDirectory, unsafe access(workingDirectory, X_OK) != 0 else {
            return "run \(executable)"
        }
        return "run \(executable) in \(workingDirectory)"
    }

    private func withOptions(
        _ childEnds: [uv_stdio_container_t],
        _ body: (UnsafePointer<uv_process_options_t>) -> Int32
    ) -> Int32 {
        let entries = environment.map { "\($0.key)=\($0.value)" }
        return unsafe withCStrings([executable] + arguments) { arguments in
            unsafe withCStrings(entries) { environment in
                var ends = unsafe childEnds
                return unsafe ends.withUnsafeMutableBufferPointer { ends in
                    var options = unsafe uv_process_options_t()
                    unsafe options.exit_cb = childDidExit
                    unsafe options.args = arguments
                    unsafe options.env = environment
                    unsafe options.flags = isSessionLeader ? UV_PROCESS_DETACHED.rawValue : 0
                    unsafe options.stdio_count = Int32(ends.count)
                    unsafe options.stdio = ends.baseAddress
                    return unsafe withPaths(&options, body)
                }
            }
        }
    }

    private func withPaths(
        _ options: inout uv_process_options_t,
        _ body: (UnsafePointer<uv_process_options_t>) -> Int32
    ) -> Int32 {
        unsafe executable.withCString { file in
            unsafe options.file = file
            guard let workingDirectory else { return unsafe body(&options) }
            return unsafe workingDirectory.withCString { folder in
                unsafe options.cwd = folder
                return unsafe body(&options)
            }
        }
    }
}

private let childDidExit: uv_exit_cb = { raw, code, signal in
    let child = unsafe ChildProcess.owner(raw)
    child.didExit(ChildProcess.ExitStatus(code: code, signal: signal))
}

/// Calls `body` with a null-terminated array of C strings that is valid only during the call.
private func withCStrings(
    _ strings: [String],
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32
) -> Int32 {
    var pointers = unsafe strings.map { unsafe strdup($0) }
    defer { unsafe pointers.forEach { unsafe free($0) } }
    unsafe pointers.append(nil)
    return unsafe pointers.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress!) }
}
