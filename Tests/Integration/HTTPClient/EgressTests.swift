import HTTPClient
import Networks
import Testing

/// What tenants name must not lead into the network in which Relais runs.
@Suite(.ownThread)
struct EgressTests {
    @Test(
        arguments: [
            "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "0.0.0.0",
            "0", "[::ffff:127.0.0.1]", "[::1]", "[::]",
        ]
    )
    func noConnectionIsMadeToThisMachineHoweverItIsWritten(_ host: String) {
        let server = ScriptedServer.answering("secret")
        defer { server.stop() }
        let outcome = HTTPClient(egress: .publicOnly)
            .send(.init(.post, "http://\(host):\(server.port)/", body: [1]))
        #expect(outcome.notSentReason == .refusedAddress)
        #expect(server.connections == 0)
        guard case .notSent(let failure) = outcome else { return }
        #expect(!failure.message.contains("127"))
    }

    @Test(
        arguments: [
            "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://8.8.8.8/",
            "https://192.168.1.1/", "https://[fd00:ec2::254]/",
        ]
    )
    func addressesOfOthersAreRefusedBeforeAPacketLeaves(_ url: String) {
        let outcome = HTTPClient(egress: .publicOnly).send(.init(.get, url))
        #expect(outcome.notSentReason == .refusedAddress)
    }

    @Test func aNetworkThatTheOperatorAllowsIsOpen() throws {
        let server = ScriptedServer.answering("ok")
        defer { server.stop() }
        let policy = try EgressPolicy(allowing: "127.0.0.1")
        let outcome = HTTPClient(egress: policy).send(.init(.get, server.url))
        #expect(outcome.response?.status == 200)
    }

    @Test func aRedirectionLeadsNowhere() throws {
        let inside = ScriptedServer.answering("secret")
        defer { inside.stop() }
        let location = "Location: http://127.0.0.1:\(inside.port)/\r\nContent-Length: 0\r\n\r\n"
        for status in [301, 302, 303, 307, 308] {
            let server = ScriptedServer { _ in
                .answer("HTTP/1.1 \(status) Over there\r\n" + location)
            }
            defer { server.stop() }
            let outcome = HTTPClient(egress: .loopback).send(.init(.get, server.url))
            #expect(outcome.response?.status == status)
        }
        #expect(inside.connections == 0)
    }
}
