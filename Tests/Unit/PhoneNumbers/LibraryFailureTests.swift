import Testing

@testable import PhoneNumbers

/// A failure of the library says nothing about the text that was to be read.
@Suite struct LibraryFailureTests {
    /// `CPHONE_FAILED`, and results that have no name.
    @Test(arguments: [5, 99, -1], [true, false])
    func isToldApartFromATextThatIsNoNumber(result: Int32, namesCountry: Bool) {
        #expect(PhoneNumberError(result, namesCountry: namesCountry) == .libraryFailed)
    }

    @Test func whatTheLibrarySaysOfATextIsAboutTheText() {
        let errors = (0...4).map { PhoneNumberError($0, namesCountry: true) }
        #expect(errors == [nil, .countryUnknown, .notANumber, .tooShort, .tooLong])
    }
}
