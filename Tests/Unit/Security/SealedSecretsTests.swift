import FunctionContract
import Security
import Testing

@Suite struct SealedSecretsTests {
    private static let oldKey = Base64.encode([UInt8](repeating: 1, count: 32))
    private static let newKey = Base64.encode([UInt8](repeating: 2, count: 32))
    private let secret = Array("EAAG-token".utf8)

    @Test(arguments: [0, 1, 15, 16, 17, SealedSecrets.secretLimit])
    func opensWhatItSealed(count: Int) throws {
        let secrets = try SealedSecrets(masterKeys: Self.newKey)
        let secret = SecureRandom.bytes(count)
        let sealed = try secrets.seal(secret, for: "channel/1/token")
        #expect(sealed.count == count + 33)
        #expect(try secrets.open(sealed, for: "channel/1/token") == secret)
    }

    @Test func sealsTheSameSecretDifferentlyEachTime() throws {
        let secrets = try SealedSecrets(masterKeys: Self.newKey)
        #expect(try secrets.seal(secret, for: "a") != secrets.seal(secret, for: "a"))
    }

    @Test func opensWithAnOldKeyAndSealsWithTheFirst() throws {
        let before = try SealedSecrets(masterKeys: Self.oldKey)
        let during = try SealedSecrets(masterKeys: " \(Self.newKey), \(Self.oldKey)\n")
        let after = try SealedSecrets(masterKeys: Self.newKey)
        let old = try before.seal(secret, for: "c")
        #expect(try during.open(old, for: "c") == secret)
        #expect(!during.isSealedWithCurrentKey(old))
        let new = try during.seal(secret, for: "c")
        #expect(during.isSealedWithCurrentKey(new))
        #expect(try after.open(new, for: "c") == secret)
        #expect(throws: SecurityError.sealingKeyUnknown) { try after.open(old, for: "c") }
    }

    @Test func refusesAnotherContext() throws {
        let secrets = try SealedSecrets(masterKeys: Self.newKey)
        let sealed = try secrets.seal(secret, for: "channel/1")
        #expect(throws: SecurityError.sealedSecretTampered) {
            try secrets.open(sealed, for: "channel/2")
        }
    }

    @Test func refusesEveryChangedByte() throws {
        let secrets = try SealedSecrets(masterKeys: Self.newKey)
        let sealed = try secrets.seal(secret, for: "c")
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 0x40
            #expect(throws: SecurityError.self) { try secrets.open(changed, for: "c") }
        }
    }

    @Test func refusesEveryTruncation() throws {
        let secrets = try SealedSecrets(masterKeys: Self.newKey)
        let sealed = try secrets.seal(secret, for: "c")
        for count in 0..<sealed.count {
            #expect(throws: SecurityError.self) {
                try secrets.open(Array(sealed.prefix(count)), for: "c")
            }
        }
    }

    @Test func refusesASecretBeyondTheLimit() throws {
        let secrets = try SealedSecrets(masterKeys: Self.newKey)
        let long = [UInt8](repeating: 0, count: SealedSecrets.secretLimit + 1)
        #expect(throws: SecurityError.secretTooLong) { try secrets.seal(long, for: "c") }
    }

    @Test(arguments: [
        ("", SecurityError.masterKeyMissing),
        (",", .masterKeyMissing),
        ("secret", .masterKeyMalformed(1)),
        ("AAAA", .masterKeyMalformed(1)),
        ("AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=,AA==", .masterKeyMalformed(2)),
    ])
    func refusesBadMasterKeys(list: String, error: SecurityError) {
        #expect(throws: error) { try SealedSecrets(masterKeys: list) }
    }
}
