private import COpenSSL

/// AES-256-GCM authenticated encryption (NIST SP 800-38D). The box is the ciphertext followed by
/// the tag.
enum AESGCM {
    static let keyCount = 32
    static let nonceCount = 12
    static let tagCount = 16

    static func seal(
        _ message: [UInt8],
        key: [UInt8],
        nonce: [UInt8],
        authenticating data: [UInt8]
    ) throws(SecurityError) -> [UInt8] {
        let cipher = try Cipher()
        var box = [UInt8](repeating: 0, count: message.count + tagCount)
        var written: Int32 = 0
        var rest: Int32 = 0
        var tag = [UInt8](repeating: 0, count: tagCount)
        let context = unsafe cipher.context
        guard unsafe EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1,
            unsafe EVP_EncryptUpdate(context, nil, &written, data, Int32(data.count)) == 1,
            unsafe EVP_EncryptUpdate(context, &box, &written, message, Int32(message.count)) == 1,
            unsafe EVP_EncryptFinal_ex(context, &tag, &rest) == 1,
            unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagCount), &tag) == 1
        else { throw .libraryFailed }
        box.replaceSubrange(message.count..., with: tag)
        return box
    }

    static func open(
        _ box: [UInt8],
        key: [UInt8],
        nonce: [UInt8],
        authenticating data: [UInt8]
    ) throws(SecurityError) -> [UInt8] {
        let cipher = try Cipher()
        let messageCount = box.count - tagCount
        var message = [UInt8](repeating: 0, count: messageCount)
        var tag = Array(box[messageCount...])
        var written: Int32 = 0
        var rest: Int32 = 0
        var unused: UInt8 = 0
        let context = unsafe cipher.context
        guard unsafe EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1,
            unsafe EVP_DecryptUpdate(context, nil, &written, data, Int32(data.count)) == 1,
            unsafe EVP_DecryptUpdate(context, &message, &written, box, Int32(messageCount)) == 1,
            unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagCount), &tag) == 1
        else { throw .libraryFailed }
        guard unsafe EVP_DecryptFinal_ex(context, &unused, &rest) == 1 else {
            throw .sealedSecretTampered
        }
        return message
    }

    /// Owns one `EVP_CIPHER_CTX`. Freeing it also erases the key.
    @safe private struct Cipher: ~Copyable {
        let context: OpaquePointer

        init() throws(SecurityError) {
            guard let context = unsafe EVP_CIPHER_CTX_new() else { throw .libraryFailed }
            unsafe self.context = context
        }

        deinit { unsafe EVP_CIPHER_CTX_free(context) }
    }
}
