internal import CUV
private import Glibc

/// The pipes between us and one child. Our ends are streams; the child's ends are descriptors.
///
/// They come from pipe(2). Such a pipe moves a message with fewer instructions than the socket
/// pairs that libuv would make, and its size can be raised. Both ends close on exec, so no other
/// child ever inherits one.
@safe struct ChildPipes {
    private(set) var streams: [Stream?] = []
    private(set) var childEnds: [uv_stdio_container_t] = unsafe []
    private var owned: [Int32] = []

    init(on loop: EventLoop, _ descriptors: [ChildCommand.Descriptor]) throws(UVError) {
        do throws(UVError) {
            for descriptor in descriptors { try add(descriptor, on: loop) }
        } catch {
            closeChildEnds()
            closeStreams()
            throw error
        }
    }

    /// Closes our copies of the child's ends.
    mutating func closeChildEnds() {
        for descriptor in owned { close(descriptor) }
        owned = []
    }

    func closeStreams() {
        for stream in streams { stream?.close() }
    }

    private mutating func add(
        _ descriptor: ChildCommand.Descriptor,
        on loop: EventLoop
    ) throws(UVError) {
        switch descriptor {
        case .none: append(nil, UV_IGNORE, -1)
        case .inherited(let shared): append(nil, UV_INHERIT_FD, shared)
        case .input(let capacity):
            let (read, write) = try makePipe(capacity)
            owned.append(read)
            append(try Stream(on: loop, pipe: write), UV_INHERIT_FD, read)
        case .output(let capacity):
            let (read, write) = try makePipe(capacity)
            owned.append(write)
            append(try Stream(on: loop, pipe: read), UV_INHERIT_FD, write)
        }
    }

    private mutating func append(_ stream: Stream?, _ flags: uv_stdio_flags, _ descriptor: Int32) {
        var end = unsafe uv_stdio_container_t()
        unsafe end.flags = flags
        unsafe end.data.fd = descriptor
        streams.append(stream)
        unsafe childEnds.append(end)
    }

    private func makePipe(_ capacity: Int?) throws(UVError) -> (read: Int32, write: Int32) {
        var ends: (Int32, Int32) = (-1, -1)
        let result = unsafe withUnsafeMutablePointer(to: &ends) { pair in
            let first = unsafe UnsafeMutableRawPointer(pair).assumingMemoryBound(to: uv_file.self)
            return unsafe uv_pipe(first, 0, 0)
        }
        try UVError.check(result, "make a pipe")
        // The pipe works even when the system refuses the size.
        if let capacity { _ = fcntl(ends.0, Int32(CUV_F_SETPIPE_SZ), Int32(clamping: capacity)) }
        return ends
    }
}
