/// How Meta's words for the state of a template read in our model.
enum TemplateNews {
    /// Nil for a word that changes nothing about whether the template can be sent.
    static func status(_ word: String) -> String? {
        switch word {
        case "APPROVED", "REINSTATED": "approved"
        case "PENDING", "IN_APPEAL": "pending"
        case "REJECTED", "LIMIT_EXCEEDED": "rejected"
        case "PAUSED", "LOCKED": "paused"
        case "DISABLED", "DELETED", "PENDING_DELETION", "ARCHIVED": "disabled"
        default: nil
        }
    }

    static func category(_ word: String) -> String? {
        ["MARKETING", "UTILITY", "AUTHENTICATION"].contains(word) ? word : nil
    }
}
