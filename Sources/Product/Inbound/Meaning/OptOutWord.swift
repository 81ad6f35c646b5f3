/// A word by which a contact opts out or in again. The word must stand alone: "stop" within a
/// sentence does not count.
package enum OptOutWord: Sendable, Equatable {
    case leave
    case comeBack

    /// Returns nil for every other text. Case, accents, punctuation and spaces are ignored, also
    /// between the letters.
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

    /// Far longer than any of the words with punctuation around it.
    private static let lengthLimit = 200

    private static func folded(_ text: String) -> String {
        String(text.lowercased().filter { $0.isLetter || $0.isNumber }.map { accents[$0] ?? $0 })
    }

    /// Swift compares characters by canonical equivalence: a letter with a combining accent matches
    /// too.
    private static let accents: [Character: Character] = [
        "à": "a", "â": "a", "ä": "a", "á": "a", "é": "e", "è": "e", "ê": "e", "ë": "e", "î": "i",
        "ï": "i", "ô": "o", "ö": "o", "ù": "u", "û": "u", "ü": "u", "ç": "c",
    ]
}
