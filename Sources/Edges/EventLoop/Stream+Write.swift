internal import CUV

// A write first tries the kernel. Most writes complete there, without an allocation or a copy. Only
// the bytes that the kernel does not take are copied into a request, which owns them.

extension Stream {
    /// The result of a write or a shutdown; nil means success.
    package typealias Completion = (UVError?) -> Void

    /// Bytes written to the stream that the kernel has not taken yet.
    package var queuedBytes: Int { unsafe Int(uv_stream_get_write_queue_size(raw)) }

    /// Writes all the bytes, in order with other writes.
    ///
    /// The completion is called once. It is called before this returns when the kernel takes all
    /// the bytes or fails at once, otherwise when the queued bytes are written.
    package func write(_ bytes: [UInt8], _ completion: Completion? = nil) {
        write(bytes.span, completion)
    }

    /// Writes all the bytes. They need to stay valid only until this returns.
    package func write(_ bytes: Span<UInt8>, _ completion: Completion? = nil) {
        write(bytes, Span(), completion)
    }

    /// Writes two runs of bytes in one system call, without joining them first.
    package func write(
        _ first: Span<UInt8>,
        _ second: Span<UInt8>,
        _ completion: Completion? = nil
    ) {
        guard !isClosing else {
            completion?(.canceled("write"))
            return
        }
        unsafe first.withUnsafeBufferPointer { first in
            unsafe second.withUnsafeBufferPointer { second in
                unsafe write(first, second, completion)
            }
        }
    }

    private func write(
        _ first: UnsafeBufferPointer<UInt8>,
        _ second: UnsafeBufferPointer<UInt8>,
        _ completion: Completion?
    ) {
        let total = first.count + second.count
        let written = unsafe total == 0 ? 0 : tryWrite(first, second)
        if written == total {
            completion?(nil)
        } else if written >= 0 || written == Int(UV_EAGAIN.rawValue) {
            let request = unsafe WriteRequest(first, second, after: max(0, written), completion)
            request.start(on: self)
        } else {
            completion?(UVError(code: Int32(written), operation: "write"))
        }
    }

    private func tryWrite(
        _ first: UnsafeBufferPointer<UInt8>,
        _ second: UnsafeBufferPointer<UInt8>
    ) -> Int {
        var buffers = unsafe (uv_buf_t(first), uv_buf_t(second))
        return unsafe withUnsafeMutablePointer(to: &buffers) { pair in
            let start = unsafe UnsafeMutableRawPointer(pair).assumingMemoryBound(to: uv_buf_t.self)
            return unsafe Int(uv_try_write(raw, start, second.isEmpty ? 1 : 2))
        }
    }

    /// Ends our side after the queued bytes. The other side reads to the end and may still answer.
    ///
    /// A pipe has only one direction, so it is closed.
    package func shutdown(_ completion: Completion? = nil) {
        guard !isClosing else {
            completion?(.canceled("shutdown"))
            return
        }
        let request = ShutdownRequest(completion)
        request.start(on: self)
    }
}

/// A write that waits for the kernel. It owns its bytes until libuv calls back.
@safe private final class WriteRequest {
    private let request = UnsafeMutablePointer<uv_write_t>.allocate(capacity: 1)
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private let completion: Stream.Completion?

    /// Copies the bytes that the kernel has not taken yet.
    init(
        _ first: UnsafeBufferPointer<UInt8>,
        _ second: UnsafeBufferPointer<UInt8>,
        after written: Int,
        _ completion: Stream.Completion?
    ) {
        let head = unsafe first.dropFirst(written)
        let tail = unsafe second.dropFirst(max(0, written - first.count))
        unsafe bytes = .allocate(capacity: head.count + tail.count)
        let end = unsafe bytes.initialize(fromContentsOf: head)
        unsafe _ = bytes[end...].initialize(fromContentsOf: tail)
        self.completion = completion
    }

    deinit {
        unsafe bytes.deallocate()
        unsafe request.deallocate()
    }

    func start(on stream: Stream) {
        unsafe request.pointee.data = Unmanaged.passRetained(self).toOpaque()
        var buffer = unsafe uv_buf_t(UnsafeBufferPointer(bytes))
        let result = unsafe uv_write(request, stream.raw, &buffer, 1) { request, status in
            let owner = unsafe Unmanaged<WriteRequest>.fromOpaque(request!.pointee.data)
            unsafe owner.takeRetainedValue().finish(status)
        }
        guard result != 0 else { return }
        unsafe Unmanaged.passUnretained(self).release()
        finish(result)
    }

    private func finish(_ status: Int32) {
        completion?(status < 0 ? UVError(code: status, operation: "write") : nil)
    }
}

/// A half-close that waits for the writes before it.
@safe private final class ShutdownRequest {
    private let request = UnsafeMutablePointer<uv_shutdown_t>.allocate(capacity: 1)
    private let completion: Stream.Completion?

    init(_ completion: Stream.Completion?) {
        self.completion = completion
    }

    deinit {
        unsafe request.deallocate()
    }

    func start(on stream: Stream) {
        unsafe request.pointee.data = Unmanaged.passRetained(self).toOpaque()
        let result = unsafe uv_shutdown(request, stream.raw) { request, status in
            let stream = unsafe Stream.owner(request!.pointee.handle)
            let owner = unsafe Unmanaged<ShutdownRequest>.fromOpaque(request!.pointee.data)
            unsafe owner.takeRetainedValue().finish(status, stream)
        }
        guard result != 0 else { return }
        unsafe Unmanaged.passUnretained(self).release()
        finish(result, stream)
    }

    // Only a socket can be half-closed. A pipe reports an error here, and is closed instead.
    private func finish(_ status: Int32, _ stream: Stream) {
        if !stream.isSocket { stream.close() }
        let failed = status < 0 && stream.isSocket
        completion?(failed ? UVError(code: status, operation: "shutdown") : nil)
    }
}

extension uv_buf_t {
    // libuv only reads the bytes of a write, but its buffer type has only a mutable pointer.
    fileprivate init(_ bytes: UnsafeBufferPointer<UInt8>) {
        let base = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        unsafe self.init(base: base?.assumingMemoryBound(to: CChar.self), len: bytes.count)
    }
}
