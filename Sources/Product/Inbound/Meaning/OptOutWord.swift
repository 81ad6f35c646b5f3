/// A word by which a contact leaves or comes back. Only the word alone counts: "stop" in a sentence
/// is a sentence.
package enum OptOutWord: Sendable, Equatable {
    case leave
    case comeBack

    /// Nil for every other text. Case, accents, punctuation and space do not matter, also between
    /// its letters.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.lengthLimit else { return nil }
        let word = Self.folded(text)
        if Self.leaving.contains(word) {
            self = .leave
        } else if Self.returning.contains(word) {
            self = .comeBack
        } else {
            return nil
        }
    }

    private static let leaving: Set = ["stop", "arret", "desabonner", "unsubscribe"]
    private static let returning: Set = ["start", "reprendre"]

    /// Far beyond any of the words, whatever stands around it.
    private static let lengthLimit = 200

    private static func folded(_ text: String) -> String {
        String(text.lowercased().filter { $0.isLetter || $0.isNumber }.map { accents[$0] ?? $0 })
    }

    /// Characters compare by what they mean: a letter and its accent in two parts is found too.
    private static let accents: [Character: Character] = [
        "à": "a", "â": "a", "ä": "a", "á": "a", "é": "e", "è": "e", "ê": "e", "ë": "e", "î": "i",
        "ï": "i", "ô": "o", "ö": "o", "ù": "u", "û": "u", "ü": "u", "ç": "c",
    ]
}
