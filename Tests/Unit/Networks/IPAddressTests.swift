import SeededRandom
import Testing

@testable import Networks

@Suite struct IPAddressTests {
    @Test(
        arguments: [
            ("0.0.0.0", 0), ("127.0.0.1", 0x7F00_0001), ("255.255.255.255", 0xFFFF_FFFF),
            ("203.0.113.7", 0xCB00_7107),
        ] as [(String, UInt32)]
    )
    func readsIPv4(_ text: String, _ value: UInt32) {
        #expect(IPAddress(text) == .v4(value))
        let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
        #expect(IPAddress(bytes: bytes) == .v4(value))
    }

    @Test(
        arguments: [
            ("::", 0), ("::1", 1), ("1::", 1 << 112), ("fe80::1:2", 0xFE80 << 112 | 0x1_0002),
            ("2001:DB8:0:0:1:0:0:7", 0x2001_0DB8 << 96 | 1 << 48 | 7),
            ("::ffff:127.0.0.1", 0xFFFF_7F00_0001),
            ("64:ff9b::10.0.0.1", 0x64_FF9B << 96 | 0xA00_0001),
            ("1:2:3:4:5:6:7::", 0x0001_0002_0003_0004_0005_0006_0007_0000),
        ] as [(String, UInt128)]
    )
    func readsIPv6(_ text: String, _ value: UInt128) {
        #expect(IPAddress(text) == .v6(value))
    }

    @Test(
        arguments: [
            "", " ", "1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "1.2.3.-4", "1.2.3.4 ",
            "0x7f.0.0.1", "127.1", "2130706433", "١.1.1.1", ":", ":::", "1:2:3:4:5:6:7", "::1::",
            "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "g::", "12345::", "::1%eth0", "[::1]",
            "1.2.3.4::", "::1.2.3", "::1.2.3.4:5",
        ]
    )
    func refusesWhatIsNoAddress(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [0, 3, 5, 15, 17]) func refusesOtherLengths(_ count: Int) {
        #expect(IPAddress(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test(
        arguments: [
            "8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
            "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255",
            "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
            "223.255.255.255", "168.63.129.15", "2606:4700::1111", "2a00:1450:4007::1",
            "2001:200::1",
            "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
        ]
    )
    func knowsPublicAddresses(_ text: String) throws {
        #expect(try #require(IPAddress(text)).isPublic)
    }

    @Test(
        arguments: [
            "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.127.255.255",
            "100.100.100.200", "127.0.0.1", "127.255.255.255", "168.63.129.16", "169.254.169.254",
            "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
            "239.255.255.255", "240.0.0.1", "255.255.255.255",
            "::", "::1", "::7f00:1", "::8.8.8.8", "fe80::1", "febf::1", "fec0::1", "fc00::1",
            "fd00:ec2::254", "ff02::1", "2001::1", "2001:0:1::1", "2001:db8::1", "2002:808:808::1",
            "2002:7f00:1::", "3fff::1", "100::1", "64:ff9b:1::8.8.8.8", "4000::1", "5f00::1",
            "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:0.0.0.0", "64:ff9b::10.0.0.1",
            "64:ff9b::169.254.169.254",
        ]
    )
    func knowsAddressesOfOthers(_ text: String) throws {
        #expect(!(try #require(IPAddress(text)).isPublic))
    }

    @Test func aMappedAddressIsAsPublicAsTheAddressInside() {
        var random = SeededRandom(seed: 4)
        for _ in 0..<10_000 {
            let value = UInt32.random(in: .min ... .max, using: &random)
            let plain = IPAddress.v4(value)
            #expect(IPAddress.v6(0xFFFF << 32 | UInt128(value)).isPublic == plain.isPublic)
            #expect(IPAddress.v6(0x64_FF9B << 96 | UInt128(value)).isPublic == plain.isPublic)
            #expect(!IPAddress.v6(UInt128(value)).isPublic)
        }
    }
}

@Suite struct NetworkTests {
    @Test(
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false),
            ("10.1.2.3/8", "10.0.0.0", true), ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false), ("0.0.0.0/0", "255.255.255.255", true),
            ("0.0.0.0/0", "::1", false), ("::/0", "ffff::", true), ("::/0", "1.2.3.4", false),
            ("fd00::/8", "fdff::1", true), ("fd00::/8", "fe00::1", false), ("::1", "::1", true),
            ("192.168.4.0/31", "192.168.4.1", true), ("192.168.4.0/31", "192.168.4.2", false),
        ]
    )
    func holdsItsAddresses(_ network: String, _ address: String, _ isInside: Bool) throws {
        let network = try #require(Network(network))
        #expect(network.contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(
        arguments: [
            "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "::/129", "::/+1",
            "10.0.0/8", "localhost", "10.0.0.0/0008",
        ]
    )
    func refusesWhatIsNone(_ text: String) {
        #expect(Network(text) == nil)
    }
}
