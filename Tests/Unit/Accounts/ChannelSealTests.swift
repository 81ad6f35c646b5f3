import Database
import FunctionContract
import Providers
import Security
import Testing

@testable import Accounts

struct ChannelSealTests {
    private let secrets = try? SealedSecrets(masterKeys: key(1))
    private let webhook = WebhookCredentials(
        verifyTokens: ["verify"],
        secrets: WebhookSecrets(signing: ["new", "old"], address: ["path"])
    )

    @Test("a secret that is sealed for a channel opens for that channel")
    func opens() throws {
        let seal = ChannelSeal(try #require(secrets), .v7())
        #expect(try seal.token(in: seal.seal(token: "EAAJ…ü")) == "EAAJ…ü")
        #expect(try seal.webhook(in: seal.seal(webhook)) == webhook)
    }

    @Test("a secret moved to another channel or column does not open")
    func staysInPlace() throws {
        let secrets = try #require(secrets)
        let (here, there) = (ChannelSeal(secrets, .v7()), ChannelSeal(secrets, .v7()))
        let token = try here.seal(token: "secret")
        #expect(throws: AccountError.security(.sealedSecretTampered)) {
            try there.token(in: token)
        }
        #expect(throws: AccountError.security(.sealedSecretTampered)) {
            try here.webhook(in: token)
        }
    }

    @Test("after the master key was replaced, old secrets open while the old key is in the list")
    func rotates() throws {
        let channel = UUID.v7()
        let old = ChannelSeal(try SealedSecrets(masterKeys: Self.key(1)), channel)
        let both = ChannelSeal(
            try SealedSecrets(masterKeys: "\(Self.key(2)),\(Self.key(1))"),
            channel
        )
        let new = ChannelSeal(try SealedSecrets(masterKeys: Self.key(2)), channel)
        let sealed = try old.seal(token: "secret")
        #expect(try both.token(in: sealed) == "secret")
        #expect(throws: AccountError.security(.sealingKeyUnknown)) { try new.token(in: sealed) }
    }

    private static func key(_ byte: Int) -> String {
        String(repeating: byte == 1 ? "AQEB" : "AgIC", count: 10) + (byte == 1 ? "AQE=" : "AgI=")
    }
}
