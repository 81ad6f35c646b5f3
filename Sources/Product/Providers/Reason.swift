import FunctionContract

/// Why something failed, in words for the people who see it: the event, its object and the remedy.
package struct Reason: Sendable, Equatable {
    /// The provider's code, the HTTP status, or a code of our own.
    package let code: String?
    /// The provider's own words.
    package let detail: String?
    package let french: String
    package let english: String

    static let codeLimit = 100
    static let detailLimit = 500

    package init(code: String? = nil, detail: String? = nil, french: String, english: String) {
        self.code = code?.cut(to: Self.codeLimit)
        self.detail = detail?.cut(to: Self.detailLimit)
        self.french = french
        self.english = english
    }
}

extension Reason {
    /// The stored form: JSON.
    package var stored: String {
        var members = JSONObject()
        members["code"] = code.map { .string($0) }
        members["detail"] = detail.map { .string($0) }
        members["fr"] = .string(french)
        members["en"] = .string(english)
        return JSON.object(members).text
    }

    /// Nil if `text` is not in the stored form.
    package init?(stored text: String?) {
        guard let text, let json = try? JSONParser.parse(Array(text.utf8)),
            let french = json["fr"]?.string, let english = json["en"]?.string
        else { return nil }
        self.init(
            code: json["code"]?.string,
            detail: json["detail"]?.string,
            french: french,
            english: english
        )
    }
}

extension String {
    /// Shortens untrusted text for display: at most `limit` code points, and U+FFFD for each
    /// U+0000.
    package func cut(to limit: Int) -> String {
        guard utf8.count > limit || utf8.contains(0) else { return self }
        let scalars = unicodeScalars.prefix(limit).map { $0 == "\0" ? "\u{FFFD}" : $0 }
        return String(String.UnicodeScalarView(scalars))
    }
}
