import FunctionContract
import Testing

@Suite struct ContractErrorTests {
    @Test func saysWhereInTheTextItIs() {
        #expect(
            ContractError("event.body: expected base64").message == "event.body: expected base64"
        )
        let error = ContractError("expected a string", offset: 7)
        #expect(error.message == "JSON, byte 7: expected a string")
        #expect("\(error)" == error.message)
    }
}
