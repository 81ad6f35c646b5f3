import FunctionContract
import Security
import Testing

@Suite struct JSONWebTokenTests {
    private let key = [UInt8](repeating: 7, count: 32)
    private let now = Timestamp(milliseconds: 1_700_000_000_000)

    /// RFC 7515, appendix A.1.
    @Test func verifiesTheExampleOfTheStandard() throws {
        let key = try #require(
            Base64URL.decode(
                "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_"
                    + "T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
            )
        )
        let token =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
            + "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQog"
            + "Imh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
            + "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        let before = Timestamp(milliseconds: 1_300_819_379_000)
        let claims = try JSONWebToken.verify(token, keys: [key], audience: nil, now: before)
        #expect(claims["iss"] == "joe")
        #expect(throws: SecurityError.tokenExpired) {
            try JSONWebToken.verify(token, keys: [key], audience: nil, now: now)
        }
    }

    @Test func verifiesWithAnyKeyOfARotation() throws {
        let token = try JSONWebToken.sign(claims(), key: key)
        let other = [UInt8](repeating: 8, count: 32)
        #expect(try verify(token, keys: [other, key])["sub"] == "42")
        #expect(throws: SecurityError.tokenSignature) { try verify(token, keys: [other]) }
        #expect(throws: SecurityError.tokenSignature) { try verify(token, keys: []) }
        #expect(throws: SecurityError.tokenSignature) { try verify(token, keys: [[]]) }
    }

    @Test(arguments: [
        (-30, nil), (-31, SecurityError.tokenExpired), (0, nil), (3600, nil),
    ])
    func forgivesThirtySecondsAfterTheEnd(secondsLeft: Int, error: SecurityError?) throws {
        let token = try JSONWebToken.sign(claims(expiresIn: secondsLeft + 1), key: key)
        #expect(failure(of: token) == error)
    }

    @Test(arguments: [(-1, nil), (30, nil), (31, SecurityError.tokenNotYetValid)])
    func forgivesThirtySecondsBeforeTheStart(secondsToStart: Int, error: SecurityError?) throws {
        var claims = claims()
        claims["nbf"] = .integer(1_700_000_000 + secondsToStart)
        #expect(failure(of: try JSONWebToken.sign(claims, key: key)) == error)
    }

    @Test(arguments: [
        (JSON.string("relais"), nil), (.array(["x", "relais"]), nil),
        (.array(["x"]), SecurityError.tokenAudience), (.integer(1), .tokenAudience),
        (.null, .tokenAudience),
    ])
    func checksTheAudience(audience: JSON, error: SecurityError?) throws {
        var claims = claims()
        claims["aud"] = audience
        #expect(failure(of: try JSONWebToken.sign(claims, key: key), audience: "relais") == error)
    }

    @Test(arguments: [
        #"{"alg":"none"}"#, #"{"alg":"HS512"}"#, #"{"alg":"RS256"}"#, #"{"alg":"hs256"}"#,
        #"{"typ":"JWT"}"#, #"{"alg":"HS256","crit":["exp"]}"#, #"{"alg":["HS256"]}"#,
    ])
    func pinsTheAlgorithm(header: String) {
        let signed =
            Base64URL.encode(Array(header.utf8)) + "."
            + Base64URL.encode(JSON.object(claims()).bytes)
        let code = HMAC.sha256(key: key, message: Array(signed.utf8))
        #expect(failure(of: signed + "." + Base64URL.encode(code)) == .tokenAlgorithm)
    }

    @Test(arguments: [
        "", ".", "..", "a.b", "a.b.c.d", "e30.e30.", "e30.W10.AAAA", "e30=.e30.AAAA",
        String(repeating: "a", count: JSONWebToken.lengthLimit + 1),
    ])
    func refusesWhatIsNoToken(token: String) {
        let refused = failure(of: token)
        #expect(refused == .tokenMalformed || refused == .tokenAlgorithm)
    }

    @Test func refusesATokenThatNeverExpires() throws {
        let token = try JSONWebToken.sign(JSONObject([("sub", "42")]), key: key)
        #expect(failure(of: token) == .tokenMalformed)
    }

    @Test func refusesEveryChangedCharacter() throws {
        let token = Array(try JSONWebToken.sign(claims(), key: key).utf8)
        for index in token.indices {
            var changed = token
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : 0x41
            #expect(failure(of: String(decoding: changed, as: UTF8.self)) != nil)
        }
    }

    @Test func refusesToSignWithAShortKey() {
        #expect(throws: SecurityError.tokenKeyTooShort) {
            try JSONWebToken.sign(claims(), key: [UInt8](repeating: 1, count: 31))
        }
    }

    private func claims(expiresIn seconds: Int = 60) -> JSONObject {
        JSONObject([("sub", "42"), ("exp", .integer(1_700_000_000 + seconds))])
    }

    private func verify(_ token: String, keys: [[UInt8]]) throws -> JSONObject {
        try JSONWebToken.verify(token, keys: keys, audience: nil, now: now)
    }

    private func failure(of token: String, audience: String? = nil) -> SecurityError? {
        do throws(SecurityError) {
            _ = try JSONWebToken.verify(token, keys: [key], audience: audience, now: now)
            return nil
        } catch {
            return error
        }
    }
}
