import Networks
import Testing

@Suite struct EgressPolicyTests {
    private func refusal(_ address: String, _ list: String?, isPlain: Bool) throws -> EgressRefusal?
    {
        try EgressPolicy(allowing: list)
            .refusal(of: try #require(IPAddress(address)), isPlain: isPlain)
    }

    @Test(
        arguments: [
            ("8.8.8.8", nil, nil, .plain), ("10.0.0.1", nil, .notPublic, .notPublic),
            ("10.0.0.1", "10.0.0.0/8", nil, nil), ("::ffff:10.0.0.1", "10.0.0.0/8", nil, nil),
            ("64:ff9b::10.0.0.1", "10.0.0.0/8", nil, nil),
            ("10.0.0.1", "::/0", .notPublic, .notPublic),
            ("127.0.0.1", "10.0.0.0/8, ::1", .notPublic, .notPublic),
            ("::1", "10.0.0.0/8, ::1", nil, nil), ("8.8.8.8", "8.8.8.8", nil, nil),
            ("8.8.8.8", " , ", nil, .plain),
        ] as [(String, String?, EgressRefusal?, EgressRefusal?)]
    )
    func opensPublicAddressesOverTLSAndWhatTheOperatorAllows(
        _ address: String,
        _ list: String?,
        _ overTLS: EgressRefusal?,
        _ plain: EgressRefusal?
    ) throws {
        #expect(try refusal(address, list, isPlain: false) == overTLS)
        #expect(try refusal(address, list, isPlain: true) == plain)
    }

    @Test func loopbackIsThisMachineAlone() throws {
        for address in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
            let address = try #require(IPAddress(address))
            #expect(EgressPolicy.loopback.refusal(of: address, isPlain: true) == nil)
        }
        let neighbour = try #require(IPAddress("10.0.0.1"))
        #expect(EgressPolicy.loopback.refusal(of: neighbour, isPlain: false) == .notPublic)
    }

    @Test func aListThatCannotBeReadNamesItsEntry() {
        #expect {
            try EgressPolicy(allowing: "10.0.0.0/8,localhost")
        } throws: { error in
            "\(error)".contains("RELAIS_ALLOWED_NETWORKS") && "\(error)".contains("\"localhost\"")
        }
    }

    @Test(arguments: [EgressRefusal.notPublic, .plain])
    func aRefusalSaysWhatToDo(_ refusal: EgressRefusal) {
        #expect(refusal.description.contains(EgressPolicy.variable))
    }
}
