/// A complete answer.
///
/// The server writes the length, `date`, `connection` and the status text itself and leaves out
/// what `headers` says of them, but for `connection: close`, which it obeys, and `date`, which it
/// takes over. A status outside 200 to 599, or a header that could break the framing, turns the
/// answer into a 500.
package struct HTTPResponse: Equatable, Sendable {
    /// The status code, 200 to 599.
    package var status: Int
    /// The header fields, but for those the server writes itself.
    package var headers: HTTPHeaders
    /// The body, which a HEAD request, 204, 205 and 304 leave out.
    package var body: [UInt8]

    /// An answer that is all there.
    package init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

extension HTTPResponse {
    /// A small JSON error: `{"error":{"code":…,"message":…}}`.
    package init(error code: String, status: Int, message: String) {
        let text = "{\"error\":{\"code\":\(quoted(code)),\"message\":\(quoted(message))}}\n"
        self.init(
            status: status,
            headers: ["content-type": "application/json"],
            body: Array(text.utf8)
        )
    }
}

private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\":
            result.unicodeScalars.append("\\")
            result.unicodeScalars.append(scalar)
        case "\0"..."\u{1F}":
            let hexadecimal = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
