private import CUV

/// An error of libuv or the operating system, with the operation that failed.
package struct UVError: Error, Equatable, Sendable {
    /// The negative libuv code, such as `UV_ENOENT`.
    package let code: Int32
    /// The operation that failed, such as `listen on 127.0.0.1 port 8080`.
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

    /// The operation, the reason in words, and the name of the code.
    package var message: String {
        unsafe "\(operation): \(String(cString: uv_strerror(code))) (\(name))"
    }

    /// Whether the other side disconnected or the handle was closed, which is not a fault.
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
