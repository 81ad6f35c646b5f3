import FunctionContract
import Security
import Testing

@Suite struct DigestTests {
    @Test func sha1CodesAreThoseOfRFC2202() {
        let cases: [(key: [UInt8], message: String, code: String)] = [
            (
                Array(repeating: 0x0B, count: 20), "Hi There",
                "b617318655057264e28bc0b6fb378c8ef146be00"
            ),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
            ),
        ]
        for (key, message, code) in cases {
            #expect(Base16.encode(HMAC.sha1(key: key, message: Array(message.utf8))) == code)
        }
    }

    @Test(arguments: KnownDigest.all)
    fileprivate func hmacAgreesWithTheStandard(known: KnownDigest) {
        #expect(Base16.encode(HMAC.sha256(key: known.key, message: known.message)) == known.sha256)
        #expect(Base16.encode(HMAC.sha512(key: known.key, message: known.message)) == known.sha512)
    }

    @Test func hmacTakesAnEmptyKeyAndAnEmptyMessage() {
        #expect(
            Base16.encode(HMAC.sha256(key: [], message: []))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        )
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func sha256AgreesWithTheStandard(message: String, digest: String) {
        #expect(Base16.encode(SHA256.digest(Array(message.utf8))) == digest)
    }

    @Test func randomTokensDiffer() {
        let tokens = Set((0..<100).map { _ in SecureRandom.token() })
        #expect(tokens.count == 100)
        #expect(tokens.allSatisfy { $0.utf8.count == 43 })
        #expect(SecureRandom.bytes(0).isEmpty)
    }

    @Test(arguments: [
        ([], ""), ([0xFB], "-w"), ([0xFF, 0xFF], "__8"), ([1, 2, 3], "AQID"),
    ])
    func base64ForAddressesHasOneSpelling(bytes: [UInt8], text: String) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.decode(text) == bytes)
    }

    @Test(arguments: ["A", "-x", "AQID=", "AQ==", "+w", "AQ ID", "é"])
    func base64ForAddressesRefusesOtherSpellings(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}

/// RFC 4231: test cases 1, 2, 3 and 6.
private struct KnownDigest: Sendable {
    let key: [UInt8]
    let message: [UInt8]
    let sha256: String
    let sha512: String

    static let all = [
        KnownDigest(
            key: [UInt8](repeating: 0x0B, count: 20),
            message: Array("Hi There".utf8),
            sha256: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            sha512: """
                87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde\
                daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854
                """
        ),
        KnownDigest(
            key: Array("Jefe".utf8),
            message: Array("what do ya want for nothing?".utf8),
            sha256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            sha512: """
                164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
                9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737
                """
        ),
        KnownDigest(
            key: [UInt8](repeating: 0xAA, count: 20),
            message: [UInt8](repeating: 0xDD, count: 50),
            sha256: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            sha512: """
                fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39\
                bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb
                """
        ),
        KnownDigest(
            key: [UInt8](repeating: 0xAA, count: 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            sha256: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            sha512: """
                80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352\
                6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598
                """
        ),
    ]
}
