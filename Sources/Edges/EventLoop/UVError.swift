private import CUV

/// What libuv, or the system under it, refused, and what it was asked to do.
package struct UVError: Error, Equatable, Sendable {
    /// The negative libuv code, such as `UV_ENOENT`.
    package let code: Int32
    /// What was attempted, such as `listen 127.0.0.1:8080`.
    package let operation: String

    /// An error that a libuv call returned.
    package init(code: Int32, operation: String) {
        self.code = code
        self.operation = operation
    }
}

extension UVError {
    /// The symbolic name of the code, such as `ENOENT`.
    package var name: String { unsafe String(cString: uv_err_name(code)) }

    /// The operation, then the reason in words and by name.
    package var message: String {
        unsafe "\(operation): \(String(cString: uv_strerror(code))) (\(name))"
    }

    /// A broken pipe, a reset or a closed handle: the other side is gone, nobody is at fault.
    package var isDisconnect: Bool {
        let codes = [UV_EPIPE, UV_ECONNRESET, UV_ECANCELED, UV_ECONNABORTED, UV_ENOTCONN]
        return codes.contains { $0.rawValue == code }
    }

    /// Whether a path, such as an executable or a folder, does not exist.
    package var isNotFound: Bool { code == UV_ENOENT.rawValue }

    /// Whether the address is already taken by another listener.
    package var isAddressInUse: Bool { code == UV_EADDRINUSE.rawValue }
}

extension UVError: CustomStringConvertible {
    /// The message.
    package var description: String { message }
}

extension UVError {
    static func check(
        _ result: Int32,
        _ operation: @autoclosure () -> String
    ) throws(UVError) {
        if result < 0 { throw UVError(code: result, operation: operation()) }
    }

    static func canceled(_ operation: String) -> UVError {
        UVError(code: UV_ECANCELED.rawValue, operation: operation)
    }
}
