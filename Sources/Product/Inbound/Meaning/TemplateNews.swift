/// Translates Meta's template states into our model.
enum TemplateNews {
    /// Returns nil for a state that does not affect whether the template can be sent.
    static func status(_ word: String) -> String? {
        switch word {
        // A flagged template is still sent: Meta only warns that it may be paused.
        case "APPROVED", "REINSTATED", "FLAGGED", "UNARCHIVED": "approved"
        case "PENDING", "IN_APPEAL": "pending"
        case "REJECTED", "LIMIT_EXCEEDED": "rejected"
        // A locked template cannot be edited but is still sent, so LOCKED has no case here.
        case "PAUSED": "paused"
        case "DISABLED", "DELETED", "PENDING_DELETION", "ARCHIVED": "disabled"
        default: nil
        }
    }

    static func category(_ word: String) -> String? {
        ["MARKETING", "UTILITY", "AUTHENTICATION"].contains(word) ? word : nil
    }
}
