private import CCrypt
private import FunctionContract
private import Security

/// A password hash for storage: yescrypt with its own salt, in the format of crypt(5).
package struct PasswordHash: Equatable, Sendable {
    /// Longer passwords are refused, because truncation would make different passwords equal.
    package static let passwordByteLimit = 256

    /// The hash as text: `$y$…`.
    package let text: String

    /// Wraps a stored hash. Its format is checked only when a password is checked.
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

    /// Whether `password` matches this hash.
    package func matches(_ password: String) -> Bool {
        guard Self.isAffordable(text), let text = Self.crypt(password, setting: self.text) else {
            return false
        }
        return ConstantTime.equal(text, self.text)
    }

    /// Always returns false, after the time of a real check. Use it for an unknown account, so that
    /// the response time does not reveal which accounts exist.
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

    /// The stored text contains the cost. A manipulated row must not cost minutes of processor time
    /// or gigabytes of memory. `j` is the flavour that gensalt writes. The next character is
    /// log2(N) − 1, at most `B` (64 MiB with block size `T`).
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
        // crypt needs 32 KiB of work space, too much for the stack of a thread that we do not own.
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
