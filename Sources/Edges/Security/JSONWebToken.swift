package import FunctionContract

/// JSON Web Tokens (RFC 7519), only with HS256: the token cannot choose its algorithm.
package enum JSONWebToken {
    package static let keyByteMinimum = 32
    /// A longer token is refused before any computation.
    package static let lengthLimit = 8192

    private static let header = Base64URL.encode(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8))

    package static func sign(
        _ claims: JSONObject,
        key: [UInt8]
    ) throws(SecurityError) -> String {
        if key.count < keyByteMinimum { throw .tokenKeyTooShort }
        let signed = header + "." + Base64URL.encode(JSON.object(claims).bytes)
        let code = HMAC.sha256(key: key, message: Array(signed.utf8))
        return signed + "." + Base64URL.encode(code)
    }

    /// The claims of a token that is signed by one of `keys` and valid at `now`. `exp` is required.
    /// `leewaySeconds` tolerates clock differences. A nil `audience` accepts any.
    package static func verify(
        _ token: String,
        keys: [[UInt8]],
        audience: String?,
        now: Timestamp,
        leewaySeconds: Int64 = 30
    ) throws(SecurityError) -> JSONObject {
        guard token.utf8.count <= lengthLimit else { throw .tokenMalformed }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = object(parts[0]), let claims = object(parts[1]),
            let code = Base64URL.decode(parts[2])
        else { throw .tokenMalformed }
        // `crit` names extensions that a reader must understand, and this reader supports none.
        guard header["alg"] == "HS256", header["crit"] == nil else { throw .tokenAlgorithm }
        let signed = Array("\(parts[0]).\(parts[1])".utf8)
        let isSigned = keys.contains { key in
            !key.isEmpty && ConstantTime.equal(HMAC.sha256(key: key, message: signed), code)
        }
        guard isSigned else { throw .tokenSignature }
        try checkTime(of: claims, now: now, leewaySeconds: leewaySeconds)
        if let audience, !isMeant(claims, for: audience) { throw .tokenAudience }
        return claims
    }

    private static func checkTime(
        of claims: JSONObject,
        now: Timestamp,
        leewaySeconds: Int64
    ) throws(SecurityError) {
        let now = Double(now.milliseconds) / 1000
        let leeway = Double(leewaySeconds)
        guard let expiry = seconds(claims["exp"]) else { throw .tokenMalformed }
        if now >= expiry + leeway { throw .tokenExpired }
        guard let start = claims["nbf"] else { return }
        guard let start = seconds(start) else { throw .tokenMalformed }
        if now < start - leeway { throw .tokenNotYetValid }
    }

    private static func isMeant(_ claims: JSONObject, for audience: String) -> Bool {
        switch claims["aud"] {
        case .string(let name): name == audience
        case .array(let names): names.contains(.string(audience))
        default: false
        }
    }

    private static func object(_ part: Substring) -> JSONObject? {
        guard let bytes = Base64URL.decode(part),
            let json = try? JSONParser.parse(bytes)
        else { return nil }
        return json.object
    }

    private static func seconds(_ value: JSON?) -> Double? {
        switch value {
        case .integer(let seconds): Double(seconds)
        case .number(let seconds) where seconds.isFinite: seconds
        default: nil
        }
    }
}
