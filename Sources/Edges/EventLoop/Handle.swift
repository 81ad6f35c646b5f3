internal import CUV

/// One `uv_handle_t`: memory that libuv keeps the address of, and the object that owns it.
///
/// libuv retains the object from its initialisation to its close callback, so that a callback can
/// never meet a dead owner; the memory goes with the object, never before.
@safe package class Handle {
    let handle: UnsafeMutablePointer<uv_handle_t>
    private var closeCompletions: [() -> Void] = []

    /// Takes over a handle that libuv has initialised.
    init<Raw>(adopting raw: UnsafeMutablePointer<Raw>) {
        unsafe handle = UnsafeMutableRawPointer(raw).assumingMemoryBound(to: uv_handle_t.self)
        unsafe handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
    }

    deinit {
        unsafe UnsafeMutableRawPointer(handle).deallocate()
    }

    /// Whether `close` has been called.
    package final var isClosing: Bool { unsafe uv_is_closing(handle) != 0 }

    /// Whether the handle keeps `run` from returning; true until changed.
    package final var keepsLoopAlive: Bool {
        get { unsafe uv_has_ref(handle) != 0 }
        set { unsafe newValue ? uv_ref(handle) : uv_unref(handle) }
    }

    /// Drops the callbacks, and with them what they hold; runs once, when libuv has let go.
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
    /// Memory for a handle that `initialise` accepts; on refusal it is freed and nothing is left.
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

    /// The object a libuv callback is about.
    static func owner<Raw>(_ handle: UnsafeMutablePointer<Raw>?) -> Self {
        let data = unsafe UnsafeMutableRawPointer(handle!)
            .assumingMemoryBound(to: uv_handle_t.self).pointee.data!
        return unsafe Unmanaged<Self>.fromOpaque(data).takeUnretainedValue()
    }
}
