private import COpenSSL

/// Bytes that nobody can guess.
package enum SecureRandom {
    package static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        // Going on with predictable bytes would be worse than stopping.
        precondition(
            unsafe RAND_bytes(&bytes, Int32(count)) == 1,
            "the operating system gives no random bytes"
        )
        return bytes
    }

    /// A secret for an address or a header: 256 bits in 43 characters that need no escaping.
    package static func token() -> String {
        Base64URL.encode(bytes(32))
    }
}
