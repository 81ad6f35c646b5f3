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

    @Test func whatIsNotTakenComesLaterInOrder() {
        let writes = Writes()
        let console = Console(
            style: .human(colour: false),
            clock: { Sample.time },
            write: writes.take
        )
        console.info("one")
        writes.room = 4
        console.flush()
        console.info("two")
        console.flush()
        writes.room = .max
        console.flush()
        #expect(writes.text == "15:04:05 one\n15:04:05 two\n")
    }

    @Test func whoNeverReadsCostsNoMoreThanTheLimit() {
        let writes = Writes()
        let console = Console(style: .json, clock: { Sample.time }, write: writes.take)
        writes.room = 0
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 999)
        for _ in 0..<2_000 { console.relay(line, from: "shop") }
        writes.room = .max
        console.flush()
        let kept = writes.text.split(separator: "\n").count
        #expect(writes.text.utf8.count < Console.backlogLimit + 2_000)
        console.flush()
        #expect(writes.text.contains("\(2_000 - kept) log lines dropped: nobody read the log"))
    }
}

extension ConsoleTests {
    private final class Writes {
        private(set) var all: [[UInt8]] = []
        /// How much more is taken.
        var room = Int.max

        func take(_ bytes: [UInt8]) -> Int {
            let count = min(room, bytes.count)
            if count > 0 { all.append(Array(bytes.prefix(count))) }
            room -= count
            return count
        }

        var text: String { String(decoding: all.joined(), as: UTF8.self) }
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
        return writes.text
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
