/// Why a text is not read as a phone number, with a message for the person who entered it.
package enum PhoneNumberError: Error, Equatable, Sendable {
    case notANumber
    case tooShort
    case tooLong
    /// There is no country code and no region to dial from.
    case countryMissing
    case countryUnknown
    /// The length may be right, but the country has no such number.
    case invalid
    /// The library failed: nothing is known about the text.
    case libraryFailed

    package var french: String {
        switch self {
        case .notANumber: "ce n'est pas un numéro de téléphone"
        case .tooShort: "le numéro est trop court"
        case .tooLong: "le numéro est trop long"
        case .countryMissing: "l'indicatif du pays manque ; commencez par +229, +225, …"
        case .countryUnknown: "l'indicatif du pays n'existe pas"
        case .invalid: "ce numéro n'existe pas dans le plan de numérotation du pays"
        case .libraryFailed: "le numéro n'a pas pu être vérifié ; réessayez plus tard"
        }
    }

    package var english: String {
        switch self {
        case .notANumber: "this is no phone number"
        case .tooShort: "the number is too short"
        case .tooLong: "the number is too long"
        case .countryMissing: "the country code is missing; begin with +229, +225, …"
        case .countryUnknown: "the country code does not exist"
        case .invalid: "there is no such number in the country's numbering plan"
        case .libraryFailed: "the number could not be checked; try again later"
        }
    }
}
