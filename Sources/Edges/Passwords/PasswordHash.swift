private import CCrypt
private import Security

/// A password as it may be stored: yescrypt with its own salt, in the notation of crypt(5).
package struct PasswordHash: Equatable, Sendable {
    /// Longer passwords are refused, not cut: cutting would make two passwords equal.
    package static let passwordByteLimit = 256

    /// `$y$…`, ready for a text column.
    package let text: String

    /// What the database holds. Whether it is a hash shows when a password is checked.
    package init(stored text: String) {
        self.text = text
    }

    /// Nil when the password is empty, too long or holds a NUL byte.
    package init?(of password: String) {
        guard let setting = Self.newSetting(),
            let text = Self.crypt(password, setting: setting)
        else { return nil }
        self.text = text
    }

    /// Whether `password` is the one behind this hash.
    package func matches(_ password: String) -> Bool {
        guard Self.isAffordable(text), let text = Self.crypt(password, setting: self.text) else {
            return false
        }
        return ConstantTime.equal(text, self.text)
    }

    /// Takes as long as a check and fails: for an account that does not exist, so that the time
    /// of an answer does not tell which accounts do.
    package static func refuse(_ password: String) -> Bool {
        _ = crypt(password, setting: absent)
        return false
    }

    private static let prefix = "$y$"
    private static let absent = "$y$j9T$lqNUhrWtQLmKuY.L5qxFv/"

    private static func newSetting() -> String? {
        let salt = SecureRandom.bytes(16).map { CChar(bitPattern: $0) }
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let size = Int32(setting.count)
        guard unsafe crypt_gensalt_rn(prefix, 0, salt, Int32(salt.count), &setting, size) != nil
        else { return nil }
        return text(setting)
    }

    /// The cost stands in the stored text: a row that someone changed must not buy minutes of
    /// processor time or gigabytes. `j` is the flavour that gensalt writes, then log2(N) − 1 up to
    /// `B` (64 MiB with the block size `T`).
    private static func isAffordable(_ text: String) -> Bool {
        let cost = Array(text.utf8.dropFirst(prefix.utf8.count).prefix(4))
        return text.hasPrefix(prefix) && cost.count == 4 && cost[0] == UInt8(ascii: "j")
            && Array("6789AB".utf8).contains(cost[1])
            && Array("5T".utf8).contains(cost[2]) && cost[3] == UInt8(ascii: "$")
    }

    private static func crypt(_ password: String, setting: String) -> String? {
        let count = password.utf8.count
        guard (1...passwordByteLimit).contains(count), !password.utf8.contains(0) else {
            return nil
        }
        // 32 KiB that crypt works in: too much for the stack of a thread we do not own.
        let size = MemoryLayout<crypt_data>.size
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        defer {
            unsafe explicitlyErase(memory, size)
            unsafe memory.deallocate()
        }
        guard let result = unsafe crypt_rn(password, setting, memory, Int32(size)) else {
            return nil
        }
        return unsafe String(cString: result)
    }

    private static func text(_ characters: [CChar]) -> String {
        let bytes = characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func explicitlyErase(_ memory: UnsafeMutableRawPointer, _ size: Int) {
        unsafe ccrypt_erase(memory, size)
    }
}
