private import COpenSSL

/// Keyed digests (RFC 2104).
package enum HMAC {
    /// For providers that offer no better algorithm. SHA-1 is still safe as a keyed digest.
    package static func sha1(key: [UInt8], message: [UInt8]) -> [UInt8] {
        unsafe digest(EVP_sha1(), key, message, byteCount: 20)
    }

    package static func sha256(key: [UInt8], message: [UInt8]) -> [UInt8] {
        unsafe digest(EVP_sha256(), key, message, byteCount: 32)
    }

    package static func sha512(key: [UInt8], message: [UInt8]) -> [UInt8] {
        unsafe digest(EVP_sha512(), key, message, byteCount: 64)
    }

    private static func digest(
        _ algorithm: OpaquePointer?,
        _ key: [UInt8],
        _ message: [UInt8],
        byteCount: Int
    ) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: byteCount)
        let keyCount = Int32(clamping: key.count)
        precondition(Int(keyCount) == key.count, "a key of more than 2 GiB is a mistake")
        let result = unsafe COpenSSL.HMAC(
            algorithm,
            key,
            keyCount,
            message,
            message.count,
            &code,
            nil
        )
        precondition(unsafe result != nil, "HMAC fails only when memory has run out")
        return code
    }
}

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    package static func digest(_ message: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let result = unsafe EVP_Digest(message, message.count, &digest, nil, EVP_sha256(), nil)
        precondition(result == 1, "SHA-256 fails only when memory has run out")
        return digest
    }
}
