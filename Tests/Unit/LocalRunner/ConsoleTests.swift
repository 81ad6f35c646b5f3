import FunctionContract
import FunctionRuntime
import Testing

@testable import LocalRunner

@Suite struct ConsoleTests {
    @Test func jsonLinesForPrograms() {
        let text = Self.text(.json) { console in
            console.info("up", JSONObject([("port", 80), ("password", "x")]))
            console.warning("slow", requestID: "r1")
            console.error("broken")
        }
        #expect(
            text == #"""
                {"time":"2026-07-17T15:04:05.123Z","level":"info","message":"up","port":80,"password":"[redacted]"}
                {"time":"2026-07-17T15:04:05.123Z","level":"warning","message":"slow","requestId":"r1"}
                {"time":"2026-07-17T15:04:05.123Z","level":"error","message":"broken"}

                """#
        )
    }

    @Test func plainLinesForPeople() {
        let text = Self.text(.human(colour: false)) { console in
            console.info("up", JSONObject([("port", 80), ("name", "a")]))
            console.warning("slow", requestID: "r1")
            console.error("broken")
        }
        #expect(
            text == """
                15:04:05 up port=80 name=a
                15:04:05 warning slow requestId=r1
                15:04:05 error broken

                """
        )
    }

    @Test func coloursOnlyWhereWanted() {
        let coloured = Self.text(.human(colour: true)) { $0.error("broken") }
        #expect(coloured == "\u{1B}[2m15:04:05\u{1B}[0m \u{1B}[31merror\u{1B}[0m broken\n")
    }

    @Test func saysNothingBelowItsLevel() {
        for style in [Console.Style.json, .human(colour: false)] {
            let text = Self.text(style, level: .error) { console in
                console.info("one")
                console.warning("two")
                console.access(Self.entry())
                console.error("three")
            }
            #expect(text.contains("three") && !text.contains("two"))
            #expect(text.split(separator: "\n").count == 1)
        }
    }

    @Test(
        arguments: [
            (
                #"{"time":"t","level":"warning","message":"late","orders":3}"#,
                "15:04:05 warning [shop] late orders=3\n"
            ),
            (
                "Traceback (most recent call last):",
                "15:04:05 [shop] Traceback (most recent call last):\n"
            ),
            (#"{"note":"no message"}"#, "15:04:05 [shop] {\"note\":\"no message\"}\n"),
            ("[1]", "15:04:05 [shop] [1]\n"),
        ]
    )
    func relaysWhatAFunctionLogsToPeople(_ line: String, _ shown: String) {
        let text = Self.text(.human(colour: false)) { $0.relay(Array(line.utf8), from: "shop") }
        #expect(text == shown)
    }

    @Test func relaysLinesOfTheFunctionUntouchedToPrograms() {
        let line = #"{"time":"t","level":"warning","message":"late","orders":3}"#
        #expect(Self.text(.json) { $0.relay(Array(line.utf8), from: "shop") } == line + "\n")
        let free = Self.text(.json) { $0.relay(Array("oops \"\u{1}\"".utf8), from: "shop") }
        #expect(
            free == #"{"time":"2026-07-17T15:04:05.123Z","level":"info","#
                + #""message":"oops \"\u0001\"","function":"shop"}"# + "\n"
        )
    }

    @Test func aRequestIsOneLine() {
        #expect(
            Self.text(.json) { $0.access(Self.entry()) }
                == #"{"time":"2026-07-17T15:04:05.123Z","level":"info","event":"request","#
                + #""method":"POST","path":"/a","status":502,"bytes":12,"microseconds":1234,"#
                + #""function":"shop","requestId":"r1","peer":"127.0.0.1"}"# + "\n"
        )
        #expect(
            Self.text(.human(colour: false)) { $0.access(Self.entry()) }
                == "15:04:05 [shop] POST /a 502 1.2 ms\n"
        )
        #expect(
            Self.text(.human(colour: false)) { $0.access(Self.entry(function: nil)) }
                == "15:04:05 POST /a 502 1.2 ms\n"
        )
    }

    @Test func gathersLinesUntilFlushed() {
        let writes = Writes()
        let console = Console(style: .json, clock: { Sample.time }, write: writes.take)
        console.info("one")
        console.info("two")
        #expect(writes.all.isEmpty)
        console.flush()
        console.flush()
        #expect(writes.all.count == 1)
    }

    @Test func gathersNoMoreThanItMay() {
        let writes = Writes()
        let console = Console(style: .json, clock: { Sample.time }, write: writes.take)
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 10_000)
        for _ in 0..<20 { console.relay(line, from: "shop") }
        #expect(writes.all.count >= 2)
        #expect(writes.all.allSatisfy { $0.count < 80_000 })
    }
}

extension ConsoleTests {
    private final class Writes {
        private(set) var all: [[UInt8]] = []
        func take(_ bytes: [UInt8]) { all.append(bytes) }
    }

    private static func text(
        _ style: Console.Style,
        level: Log.Level = .info,
        _ body: (Console) -> Void
    ) -> String {
        let writes = Writes()
        let console = Console(
            style: style,
            level: level,
            clock: { Sample.time },
            write: writes.take
        )
        body(console)
        console.flush()
        return String(decoding: writes.all.joined(), as: UTF8.self)
    }

    private static func entry(function: String? = "shop") -> AccessEntry {
        AccessEntry(
            method: "POST",
            path: "/a",
            status: 502,
            bytes: 12,
            microseconds: 1_234,
            function: function,
            requestID: "r1",
            peer: "127.0.0.1"
        )
    }
}
