import FunctionContract
import Testing

@Suite("The connection to the Lambda Runtime API", .ownThread)
struct RuntimeAPIConnectionTests {
    private let start = "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: id-1\r\n"

    @Test("An event may arrive in chunks of any size")
    func chunks() throws {
        let api = try ScriptedRuntimeAPI("echo")
        defer { api.end() }
        _ = try api.call()
        try api.send(start + "Transfer-Encoding: chunked\r\n\r\n6\r\n{\"rawP\r\n")
        try api.send("00A;name=\"value\"\r\nath\":\"/chu\r\n")
        try api.send("6\r\nnked\"}\r\n0\r\nTrailer: x\r\n\r\n")
        #expect(try FunctionUnderTest.echoed(try api.call().json)["rawPath"] == "/chunked")
        try api.answer()
        #expect(try api.call().name == "next")
        #expect(api.connections == 1)
    }

    @Test("An event may arrive byte by byte")
    func bytes() throws {
        let api = try ScriptedRuntimeAPI("echo")
        defer { api.end() }
        _ = try api.call()
        let event = #"{"rawPath":"/slow"}"#
        let text = start + "Content-Length: \(event.utf8.count)\r\n\r\n" + event
        for character in text.unicodeScalars { try api.send(String(character)) }
        #expect(try FunctionUnderTest.echoed(try api.call().json)["rawPath"] == "/slow")
    }

    @Test("An event without a length ends when the connection closes")
    func toTheEnd() throws {
        let api = try ScriptedRuntimeAPI("echo")
        defer { api.end() }
        _ = try api.call()
        try api.send(start + "Connection: close\r\n\r\n{\"rawPath\":\"/end\"}")
        api.hangUp()
        #expect(try FunctionUnderTest.echoed(try api.call().json)["rawPath"] == "/end")
        #expect(api.connections == 2)
    }

    @Test("After `connection: close` a new connection is opened")
    func closeHeader() throws {
        let api = try ScriptedRuntimeAPI("test-prepared")
        defer { api.end() }
        for calls in 1...2 {
            _ = try api.call()
            try api.deliver("{}", headers: "Connection: Close\r\n")
            // `call` sees the end of the old connection and accepts the next.
            let answer = try api.call()
            #expect(answer.json["body"]?.string == #"{"calls":\#(calls)}"#)
            try api.answer(headers: "connection: close\r\n")
        }
        _ = try api.call()
        #expect(api.connections == 5)
    }

    @Test("A connection closed between calls is replaced, and no event is lost")
    func closedBetweenCalls() throws {
        let api = try ScriptedRuntimeAPI("test-prepared")
        defer { api.end() }
        for calls in 1...3 {
            #expect(try api.call().name == "next")
            try api.deliver("{}")
            #expect(try api.call().json["body"]?.string == #"{"calls":\#(calls)}"#)
            try api.answer()
            api.hangUp()
        }
        #expect(try api.call().name == "next")
        #expect(api.connections == 4)
    }

    @Test("A connection closed while the function works is replaced before the answer is sent")
    func closedDuringCall() throws {
        let gate = try Gate()
        let api = try ScriptedRuntimeAPI("test-scenarios")
        defer { api.end() }
        _ = try api.call()
        try api.deliver(#"{"rawPath":"/wait","rawQueryString":"fifo=\#(gate.path)"}"#)
        try api.function.wait("a function at work") { gate.hasReader ? true : nil }
        api.hangUp()
        gate.open()
        #expect(try api.call().name == "response")
        try api.answer()
        #expect(try api.call().name == "next")
        #expect(api.connections == 2)
    }

    @Test("If a kept connection breaks, the request for an event is sent once more")
    func lostNext() throws {
        let api = try ScriptedRuntimeAPI("test-prepared")
        defer { api.end() }
        _ = try api.call()
        try api.deliver("{}")
        _ = try api.call()
        try api.answer()
        #expect(try api.call().name == "next")
        api.hangUp()
        #expect(try api.call().name == "next")
        #expect(api.connections == 2)
        api.hangUp()
        let (exit, log) = try api.waitForEnd()
        #expect(exit == .code(1))
        #expect(log.contains("closed the connection"))
        #expect(!api.hasWaitingConnection)
    }

    @Test("A partially received event is not requested again")
    func tornEvent() throws {
        let api = try ScriptedRuntimeAPI("test-prepared")
        defer { api.end() }
        _ = try api.call()
        try api.deliver("{}")
        _ = try api.call()
        try api.answer()
        _ = try api.call()
        try api.send(start + "Content-Length: 10\r\n\r\n")
        api.hangUp()
        #expect(try api.waitForEnd().exit == .code(1))
        #expect(!api.hasWaitingConnection)
    }

    @Test("An answer is never sent twice")
    func lostAnswer() throws {
        let api = try ScriptedRuntimeAPI("test-prepared")
        defer { api.end() }
        _ = try api.call()
        try api.deliver("{}")
        #expect(try api.call().name == "response")
        api.hangUp()
        let (exit, log) = try api.waitForEnd()
        #expect(exit == .code(1))
        #expect(log.contains("closed the connection"))
        #expect(!api.hasWaitingConnection)
    }

    @Test("Interim (1xx) responses are skipped")
    func interim() throws {
        let api = try ScriptedRuntimeAPI("test-prepared")
        defer { api.end() }
        _ = try api.call()
        try api.deliver("{}")
        _ = try api.call()
        try api.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n")
        try api.answer()
        #expect(try api.call().name == "next")
    }

    @Test("A long answer may be refused before it is complete", arguments: [true, false])
    func earlyRefusal(_ isReadToItsEnd: Bool) throws {
        let api = try ScriptedRuntimeAPI("test-scenarios")
        defer { api.end() }
        _ = try api.call()
        try api.deliver(#"{"rawPath":"/large","rawQueryString":"count=6000000"}"#)
        #expect(try api.readHead().name == "response")
        try api.answer(413, headers: "connection: close\r\n")
        if isReadToItsEnd { try api.readToEnd() }
        api.hangUp()
        #expect(try api.call().name == "next")
        #expect(api.connections == 2)
    }

    @Test(
        "A response that is not HTTP is an error, not a crash",
        arguments: [
            "nonsense\r\n\r\n", "\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
            "HTTP/1.1 99 Low\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7FFFFFFFFFFFFFFF\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}{}\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nx: " + String(repeating: "y", count: 200_000) + "\r\n\r\n",
            "HTTP/1.1 200 OK\r\n" + String(repeating: "x: y\r\n", count: 200) + "\r\n",
        ]
    )
    func malformed(_ text: String) throws {
        let api = try ScriptedRuntimeAPI("echo")
        defer { api.end() }
        _ = try api.call()
        try api.send(text)
        let (exit, log) = try api.waitForEnd()
        #expect(exit == .code(1))
        #expect(log.contains("does not answer in HTTP/1.1"))
    }
}
