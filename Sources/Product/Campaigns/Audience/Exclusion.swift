/// Why a contact of the audience gets no message.
package struct Exclusion: Sendable, Equatable {
    package enum Reason: String, CaseIterable, Sendable {
        case unsubscribed
        case blocked
        case noOptIn = "no_opt_in"
        case noIdentity = "no_identity"
        case notOnWhatsApp = "not_on_whatsapp"
        /// Another contact of the audience has the same number.
        case duplicate
        /// The contact's last message is too old: only a template may be sent.
        case windowClosed = "window_closed"
        case missingValue = "missing_value"
        case tooLong = "too_long"

        package var french: String {
            switch self {
            case .unsubscribed: "désabonné"
            case .blocked: "bloqué"
            case .noOptIn: "n'a pas accepté les messages commerciaux"
            case .noIdentity: "aucun numéro ni identifiant utilisable"
            case .notOnWhatsApp: "numéro absent de WhatsApp"
            case .duplicate: "même numéro qu'un autre contact de l'audience"
            case .windowClosed: "fenêtre de 24 h fermée : un modèle est nécessaire"
            case .missingValue: "valeur manquante"
            case .tooLong: "message trop long"
            }
        }

        package var english: String {
            switch self {
            case .unsubscribed: "unsubscribed"
            case .blocked: "blocked"
            case .noOptIn: "did not agree to marketing messages"
            case .noIdentity: "no usable number or id"
            case .notOnWhatsApp: "the number is not on WhatsApp"
            case .duplicate: "same number as another contact of the audience"
            case .windowClosed: "the 24-hour window is closed: a template is needed"
            case .missingValue: "a value is missing"
            case .tooLong: "the message is too long"
            }
        }
    }

    package let reason: Reason
    /// The name of the missing value.
    package var detail: String?

    package init(_ reason: Reason, detail: String? = nil) {
        self.reason = reason
        self.detail = detail
    }
}
