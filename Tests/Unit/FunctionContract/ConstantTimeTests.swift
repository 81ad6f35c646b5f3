import FunctionContract
import Testing

@Suite struct ConstantTimeTests {
    @Test(arguments: [
        ("", "", true), ("a", "a", true), ("a", "b", false), ("a", "", false), ("é", "e", false),
        ("signature", "signaturf", false), ("signature", "signatur", false),
    ])
    func comparesInConstantTime(left: String, right: String, equal: Bool) {
        #expect(ConstantTime.equal(left, right) == equal)
    }
}
