import FunctionContract
import Testing

@Suite struct JSONIndentedTests {
    @Test func oneMemberALine() {
        let value: JSON = ["a": [1, [], ["b": nil]], "c\n": [:], "d": "e"]
        #expect(
            value.indented == #"""
                {
                  "a": [
                    1,
                    [],
                    {
                      "b": null
                    }
                  ],
                  "c\n": {},
                  "d": "e"
                }
                """#
        )
    }

    @Test(arguments: [nil, true, 1, 0.5, "a", [], [:], [[1], ["a": ["b": [[]]]]]] as [JSON])
    func readsBackTheSame(value: JSON) throws {
        #expect(try JSONParser.parse(Array(value.indented.utf8)) == value)
    }
}
