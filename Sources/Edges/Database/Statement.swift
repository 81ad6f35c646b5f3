/// One SQL statement with the values of its parameters.
package struct Statement: Sendable {
    package let sql: String
    package let parameters: [Parameter]

    package init(_ sql: String, _ parameters: Parameter...) {
        self.init(sql, parameters)
    }

    package init(_ sql: String, _ parameters: [Parameter]) {
        self.sql = sql
        self.parameters = parameters
    }
}
