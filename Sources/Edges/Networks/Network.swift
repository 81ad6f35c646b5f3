/// A range of addresses in CIDR notation: `10.0.0.0/8`, `fd00::/8`. A single address is a range of
/// one.
package struct Network: Hashable, Sendable {
    private let base: IPAddress
    private let length: Int

    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let base = IPAddress(parts[0]) else { return nil }
        let longest =
            switch base {
            case .v4: 32
            case .v6: 128
            }
        var length = longest
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                (1...3).contains(parts[1].utf8.count), let given = UInt8(parts[1])
            else {
                return nil
            }
            length = Int(given)
        }
        guard length <= longest else { return nil }
        self.init(base, length)
    }

    fileprivate init(_ base: IPAddress, _ length: Int) {
        self.base = base
        self.length = length
    }

    package func contains(_ address: IPAddress) -> Bool {
        // With length 0, the shift removes all bits, so every address is inside.
        switch (base, address) {
        case (.v4(let base), .v4(let address)): (base ^ address) >> (32 - length) == 0
        case (.v6(let base), .v6(let address)): (base ^ address) >> (128 - length) == 0
        case (.v4, .v6), (.v6, .v4): false
        }
    }
}

extension IPAddress {
    /// Whether the address belongs to a host on the public internet. Private networks, loopback,
    /// multicast and documentation ranges do not count (IANA's special-purpose registries).
    package var isPublic: Bool {
        switch reached {
        case .v4: !Self.special.contains { $0.contains(reached) }
        // All assigned unicast addresses are in 2000::/3.
        case .v6:
            Self.globalUnicast.contains(reached) && !Self.special.contains { $0.contains(reached) }
        }
    }

    private static let globalUnicast = network("2000::/3")

    private static let special = [
        "0.0.0.0/8",  // this network
        "10.0.0.0/8",  // private
        "100.64.0.0/10",  // carrier-grade NAT
        "127.0.0.0/8",  // loopback
        "168.63.129.16/32",  // Azure's host, for its guests alone
        "169.254.0.0/16",  // link-local, metadata of clouds
        "172.16.0.0/12",  // private
        "192.0.0.0/24",  // protocol assignments
        "192.0.2.0/24",  // documentation
        "192.88.99.0/24",  // 6to4 relays
        "192.168.0.0/16",  // private
        "198.18.0.0/15",  // measurements
        "198.51.100.0/24",  // documentation
        "203.0.113.0/24",  // documentation
        "224.0.0.0/4",  // multicast
        "240.0.0.0/4",  // reserved, broadcast
        "2001::/23",  // protocol assignments, Teredo
        "2001:db8::/32",  // documentation
        "2002::/16",  // 6to4: reaches an IPv4 address that it holds
        "3fff::/20",  // documentation
    ].map(network)

    private static func network(_ text: String) -> Network {
        guard let network = Network(text) else { preconditionFailure("\(text) is no network") }
        return network
    }
}
