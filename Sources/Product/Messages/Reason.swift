private import FunctionContract
package import Providers

/// Why something failed, in words for the people who see it.
package struct Reason: Sendable, Equatable {
    package var code: String?
    /// The provider's own words.
    package var detail: String?
    package var french: String
    package var english: String

    package init(code: String? = nil, detail: String? = nil, french: String, english: String) {
        self.code = code
        self.detail = detail
        self.french = french
        self.english = english
    }

    package init(_ explanation: Explanation) {
        self.init(
            code: explanation.code,
            detail: explanation.detail,
            french: explanation.french,
            english: explanation.english
        )
    }

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
