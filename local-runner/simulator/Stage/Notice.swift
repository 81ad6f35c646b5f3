import FunctionContract
import Providers

/// The content of a webhook: its body, and query parameters for its address.
struct Notice: Equatable {
    let body: [UInt8]
    let contentType: String
    /// The query parameters to add. The platform chooses the rest of the address.
    let query: FormFields

    init(_ json: JSON) {
        body = json.bytes
        contentType = "application/json"
        query = FormFields()
    }

    init(_ form: FormFields, query: [(String, String)] = []) {
        body = form.bytes
        contentType = "application/x-www-form-urlencoded; charset=UTF-8"
        self.query = FormFields(query)
    }
}
