private import COpenSSL

/// Unpredictable random bytes.
package enum SecureRandom {
    package static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        // Predictable bytes would be worse than a crash.
        precondition(
            unsafe RAND_bytes(&bytes, Int32(count)) == 1,
            "the operating system gives no random bytes"
        )
        return bytes
    }

    /// A secret for a URL or a header: 256 bits in 43 characters that need no escaping.
    package static func token() -> String {
        Base64URL.encode(bytes(32))
    }
}
