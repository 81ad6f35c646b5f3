import FunctionContract
import Testing

@Suite struct JSONClearingTests {
    @Test(arguments: [
        (#"{"a":1,"k":"x","b":[2]}"#, #"{"a":1,"k":null,"b":[2]}"#),
        (#"{ "k" : {"k":1} }"#, #"{ "k" : null }"#),
        (#"{"k":1,"k":2}"#, #"{"k":null,"k":null}"#),
        (#"{"a":{"k":1}, "l":"k"}"#, #"{"a":{"k":1}, "l":"k"}"#),
        (#"{}"#, #"{}"#), (#"["k"]"#, #"["k"]"#), (#" "k""#, #" "k""#),
    ])
    func clearsOnlyTheObjectsOwnMembersOfTheName(text: String, expected: String) throws {
        let cleared = try JSONParser.clearing("k", in: Array(text.utf8))
        #expect(String(decoding: cleared, as: UTF8.self) == expected)
    }

    @Test(arguments: ["", #"{"k":"#, #"{"k" 1}"#])
    func refusesAnObjectThatIsNoJSON(text: String) {
        #expect(throws: ContractError.self) {
            try JSONParser.clearing("k", in: Array(text.utf8))
        }
    }
}
