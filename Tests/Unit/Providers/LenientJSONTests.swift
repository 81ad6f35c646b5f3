import FunctionContract
import Testing

@testable import Providers

@Suite struct LenientJSONTests {
    @Test(arguments: [
        (JSON.integer(1_749_416_383), Int64?(1_749_416_383_000)),
        (.string("1749416383"), 1_749_416_383_000),
        (.number(1_710_481_111.853), 1_710_481_111_853),
        (.integer(1_741_249_702_485), 1_741_249_702_485),
        (.string("2025-06-08T20:59:43Z"), 1_749_416_383_000), (.string("some-timestamp-here"), nil),
        (.integer(0), nil), (.integer(-1), nil), (.integer(.max), nil), (.number(1e300), nil),
        (.bool(true), nil), (.null, nil),
    ])
    func readsMomentsHoweverTheyAreWritten(json: JSON, milliseconds: Int64?) {
        #expect(json.asMoment?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        (JSON.integer(7), Int?(7)), (.string("7"), 7), (.number(7.9), 7), (.string("7.9"), nil),
        (.number(1e300), nil), (.bool(true), nil), (.null, nil),
    ])
    func readsWholeNumbers(json: JSON, value: Int?) {
        #expect(json.asInteger == value)
    }

    @Test func leavesNullsOutOfObjectsOnly() throws {
        let json = try JSON(parsing: #"{"a":null,"b":[null,{"c":null,"d":1}],"e":{"f":null}}"#)
        #expect(json.withoutNulls == (try JSON(parsing: #"{"b":[null,{"d":1}],"e":{}}"#)))
    }
}
