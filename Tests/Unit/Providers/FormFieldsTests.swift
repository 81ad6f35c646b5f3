import FunctionContract
import Testing

@testable import Providers

@Suite struct FormFieldsTests {
    private static let forms: [(text: String, pairs: [(String, String)])] = [
        ("a=1&b=2", [("a", "1"), ("b", "2")]), ("a=%C3%A9+%2B&a=", [("a", "é +"), ("a", "")]),
        ("a", [("a", "")]), ("a=b=c", [("a", "b=c")]), ("", []), ("&&", []),
        ("%zz=%", [("%zz", "%")]),
    ]

    @Test(arguments: forms)
    func readsFields(text: String, pairs: [(String, String)]) {
        #expect(FormFields(Array(text.utf8)) == FormFields(pairs))
    }

    @Test func writesWhatItReads() {
        let form = FormFields([("à b", "x&y=z"), ("To", "whatsapp:+1"), ("empty", "")])
        #expect(FormFields(form.bytes) == form)
        #expect(form["To"] == "whatsapp:+1" && form["empty"] == nil && form["none"] == nil)
    }
}
