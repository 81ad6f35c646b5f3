import Passwords
import Testing

@Suite struct PasswordHashTests {
    @Test func matchesOnlyItsOwnPassword() throws {
        let hash = try #require(PasswordHash(of: "cheval exact pile agrafe"))
        #expect(hash.text.hasPrefix("$y$j9T$"))
        #expect(hash.matches("cheval exact pile agrafe"))
        #expect(!hash.matches("cheval exact pile agrafE"))
        #expect(!hash.matches(""))
    }

    @Test func saltsEachHash() {
        #expect(PasswordHash(of: "même") != PasswordHash(of: "même"))
    }

    /// Made with libxcrypt's own `crypt` for the setting shown in the hash.
    @Test func matchesAHashMadeElsewhere() {
        let stored = PasswordHash(stored: KnownHash.text)
        #expect(stored.matches(KnownHash.password))
        #expect(!stored.matches("mot de passf"))
    }

    @Test(arguments: [
        "", "\u{0}", "a\u{0}b", String(repeating: "x", count: PasswordHash.passwordByteLimit + 1),
    ])
    func refusesAPasswordItCannotTell(password: String) {
        #expect(PasswordHash(of: password) == nil)
    }

    @Test func takesAPasswordAtTheLimit() throws {
        let password = String(repeating: "x", count: PasswordHash.passwordByteLimit)
        #expect(try #require(PasswordHash(of: password)).matches(password))
    }

    @Test(arguments: [
        "", "*", "*0", "mot de passe", "$6$abc$def", "$y$", "$y$j9T$",
        "$y$jFT$k2XAnEHBqQ1Ct2aMXFKNa/",
        "$y$jCT$k2XAnEHBqQ1Ct2aMXFKNa/$x", "$y$jzz$k2XAnEHBqQ1Ct2aMXFKNa/$x", "$1$abc$x",
    ])
    func refusesAStoredTextThatIsNoAffordableHash(text: String) {
        #expect(!PasswordHash(stored: text).matches("mot de passe"))
    }

    @Test func refusesForAnAccountThatDoesNotExist() {
        #expect(!PasswordHash.refuse("mot de passe"))
    }
}

private enum KnownHash {
    static let password = "mot de passe"
    static let text = "$y$j75$k2XAnEHBqQ1Ct2aMXFKNa/$bTyUX276soHtU8L/Ux0XOAmEG/hW/dnGVdQ9ZQsbpR6"
}
