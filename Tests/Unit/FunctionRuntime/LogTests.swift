import FunctionContract
import Testing

@testable import FunctionRuntime

@Suite("Log lines")
struct LogTests {
    @Test(
        "Any message becomes valid JSON on one line",
        arguments: [
            "", "plain", "quote \" backslash \\", "two\nlines\r\n", "tab\tnul\u{0}bell\u{7}",
            "é ß 漢字 👩‍👩‍👧", "line\u{2028}separator", String(repeating: "x", count: 100_000),
        ]
    )
    func validity(_ text: String) throws {
        let recorded = RecordedLog()
        recorded.log().info(text, JSONObject([(text, .string(text))]))
        let line = try #require(recorded.lines.first)
        #expect(line.last == UInt8(ascii: "\n"))
        #expect(line.count { $0 == UInt8(ascii: "\n") } == 1)
        let entry = try JSONParser.parse(line)
        #expect(entry["message"]?.string == text)
        #expect(entry[text]?.string == text)
        #expect(entry["time"]?.string == RecordedLog.instant.rfc3339)
    }

    @Test("Only messages of the set level or above are written", arguments: Log.Level.allCases)
    func levels(_ level: Log.Level) throws {
        let recorded = RecordedLog()
        let log = recorded.log(level: level)
        log.debug("")
        log.info("")
        log.warning("")
        log.error("")
        let written = try recorded.entries().compactMap { $0["level"]?.string }
        let expected = Log.Level.allCases.filter { $0 >= level }
        #expect(written == expected.map(\.rawValue))
    }

    @Test(
        "LOG_LEVEL sets the level in any case of letters",
        arguments: [("debug", Log.Level.debug), ("ERROR", .error), ("loud", .info), ("", .info)]
    )
    func levelVariable(_ text: String, _ level: Log.Level) {
        #expect(Log.Level(Environment(["LOG_LEVEL": text])) == level)
    }

    @Test("Every name appears once: the line's own first, then details, then fields")
    func repeatedNames() throws {
        let recorded = RecordedLog()
        let log = recorded.log(fields: JSONObject([("queue", "a"), ("function", "f")]))
        log.info("said", JSONObject([("queue", "b"), ("message", "other"), ("level", 3)]))
        let entry = try #require(try recorded.entries().first?.object)
        #expect(
            entry.members.map(\.name) == [
                "time", "level", "message", "function", "queue", "details.message",
                "details.level",
            ]
        )
        #expect(entry["message"] == "said")
        #expect(entry["queue"] == "b")
    }

    @Test(
        "Fields with the name of a secret are omitted",
        arguments: [
            "password", "userPassword", "PASSWD", "client_secret", "accessToken", "Authorization",
            "set-cookie", "apiKey", "x-api-key", "api_key", "x-hub-signature-256", "credentials",
            "privateKey", "DATABASE_URL", "dsn", "passphrase",
        ]
    )
    func secrets(_ name: String) throws {
        let recorded = RecordedLog()
        let log = recorded.log(fields: JSONObject([(name, "s3cr3t")]))
        log.info(
            "m",
            JSONObject([
                (
                    "outer",
                    ["deep": [["kept": "visible", "pin": .object(JSONObject([(name, "s3cr3t")]))]]]
                ),
                ("list", .array([.object(JSONObject([(name, ["s3cr3t", ["x": "s3cr3t"]])]))])),
            ])
        )
        log.with(name, "s3cr3t").info("m")
        for line in recorded.lines {
            #expect(!String(decoding: line, as: UTF8.self).contains("s3cr3t"))
        }
        let entry = try #require(try recorded.entries().first)
        #expect(entry[name] == "[redacted]")
        #expect(entry["outer"]?["deep"]?[0]?["pin"]?[name] == "[redacted]")
        #expect(entry["outer"]?["deep"]?[0]?["kept"] == "visible")
    }
}
