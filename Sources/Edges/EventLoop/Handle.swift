internal import CUV

/// Owns one `uv_handle_t`, whose address libuv keeps.
///
/// libuv retains this object from initialisation to the close callback, so a callback never meets a
/// freed owner. The memory is freed together with the object.
@safe package class Handle {
    let handle: UnsafeMutablePointer<uv_handle_t>
    private var closeCompletions: [() -> Void] = []

    /// Takes ownership of a handle that libuv has initialised.
    init<Raw>(adopting raw: UnsafeMutablePointer<Raw>) {
        unsafe handle = UnsafeMutableRawPointer(raw).assumingMemoryBound(to: uv_handle_t.self)
        unsafe handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
    }

    deinit {
        unsafe UnsafeMutableRawPointer(handle).deallocate()
    }

    /// Whether `close` has been called.
    package final var isClosing: Bool { unsafe uv_is_closing(handle) != 0 }

    /// Whether the handle keeps `run` from returning; true by default.
    package final var keepsLoopAlive: Bool {
        get { unsafe uv_has_ref(handle) != 0 }
        set { unsafe newValue ? uv_ref(handle) : uv_unref(handle) }
    }

    /// Releases the callbacks and what they capture. Called once, when libuv has closed the handle.
    func didClose() {}

    final func closeHandle(_ completion: (() -> Void)? = nil) {
        if let completion { closeCompletions.append(completion) }
        guard !isClosing else { return }
        unsafe uv_close(handle) { handle in
            let owner = unsafe Unmanaged<Handle>.fromOpaque(handle!.pointee.data)
            unsafe owner.takeUnretainedValue().finishClosing()
            unsafe owner.release()
        }
    }

    private func finishClosing() {
        let completions = closeCompletions
        closeCompletions = []
        didClose()
        for completion in completions { completion() }
    }
}

@available(*, unavailable)
extension Handle: Sendable {}

extension Handle {
    /// Allocates a handle and initialises it with `initialise`. Frees the memory on failure.
    static func allocate<Raw>(
        _ type: Raw.Type,
        _ operation: @autoclosure () -> String,
        initialise: (UnsafeMutablePointer<Raw>) -> Int32
    ) throws(UVError) -> UnsafeMutablePointer<Raw> {
        let raw = UnsafeMutablePointer<Raw>.allocate(capacity: 1)
        let result = unsafe initialise(raw)
        guard result == 0 else {
            unsafe raw.deallocate()
            throw UVError(code: result, operation: operation())
        }
        return unsafe raw
    }

    /// The object that owns the handle of a libuv callback.
    static func owner<Raw>(_ handle: UnsafeMutablePointer<Raw>?) -> Self {
        let data = unsafe UnsafeMutableRawPointer(handle!)
            .assumingMemoryBound(to: uv_handle_t.self).pointee.data!
        return unsafe Unmanaged<Self>.fromOpaque(data).takeUnretainedValue()
    }
}
