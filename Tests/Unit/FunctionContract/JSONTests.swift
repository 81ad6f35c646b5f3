import FunctionContract
import Testing

@Suite struct JSONTests {
    private let value: JSON = [
        "name": "Ada", "age": 36, "tags": ["a", "b"], "ratio": 0.5, "gone": nil, "ok": true,
    ]

    @Test func membersAndElementsAreReached() {
        #expect(value["name"] == "Ada")
        #expect(value["tags"]?[1] == "b")
        #expect(value["tags"]?[2] == nil)
        #expect(value["tags"]?[-1] == nil)
        #expect(value["other"] == nil)
        #expect(value["gone"]?.isNull == true)
        #expect(value[0] == nil)
        #expect(JSON.string("text")["name"] == nil)
    }

    @Test func aValueIsOnlyOfItsOwnKind() {
        #expect(value["age"]?.integer == 36)
        #expect(value["age"]?.string == nil)
        #expect(value["ok"]?.bool == true)
        #expect(value["ratio"]?.integer == nil)
        #expect(value["tags"]?.array?.count == 2)
        #expect(
            value.object?.members.map(\.name) == ["name", "age", "tags", "ratio", "gone", "ok"]
        )
    }

    @Test func theLastOfARepeatedNameCounts() {
        let value: JSON = ["a": 1, "b": 2, "a": 3]
        #expect(value["a"] == 3)
    }

    @Test func settingReplacesEveryOccurrence() {
        var object = JSONObject([("a", 1), ("b", 2), ("a", 3)])
        object["a"] = 4
        #expect(object == JSONObject([("b", 2), ("a", 4)]))
        object["b"] = nil
        #expect(object == JSONObject([("a", 4)]))
    }

    @Test(
        arguments: [
            (nil, "null"), (true, "a boolean"), (1, "a number"), (0.5, "a number"),
            ("", "a string"),
            ([], "an array"), ([:], "an object"),
        ] as [(JSON, String)]
    )
    func kindsHaveWords(value: JSON, kind: String) {
        #expect(value.kind == kind)
    }
}
