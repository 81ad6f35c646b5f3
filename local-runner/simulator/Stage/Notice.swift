import FunctionContract
import Providers

/// A webhook before it is sent: its body, and what its address says beside.
struct Notice: Equatable {
    let body: [UInt8]
    let contentType: String
    /// What is added to the address; the address of the channel is the platform's.
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
