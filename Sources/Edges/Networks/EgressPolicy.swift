/// The addresses to which requests may go. Tenants name gateways, webhooks and files. Without a
/// policy they could reach into the network in which Relais runs.
///
/// Public addresses are allowed over https. The operator's `RELAIS_ALLOWED_NETWORKS` allows further
/// networks, and plain http to them.
package struct EgressPolicy: Equatable, Sendable {
    /// The environment variable that holds the operator's list.
    package static let variable = "RELAIS_ALLOWED_NETWORKS"
    package static let publicOnly = EgressPolicy(allowed: [])
    /// Also allows loopback, for programs whose servers run on the same machine.
    package static let loopback = EgressPolicy(
        allowed: loopbackNetworks.compactMap { Network($0) }
    )
    package static let loopbackNetworks = ["127.0.0.0/8", "::1"]

    private let allowed: [Network]

    private init(allowed: [Network]) {
        self.allowed = allowed
    }

    /// Reads the operator's list: networks such as `10.20.0.0/16`, between commas or spaces.
    package init(allowing list: String?) throws(EgressPolicyError) {
        var networks: [Network] = []
        for item in (list ?? "").split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            guard let network = Network(item) else { throw EgressPolicyError(String(item)) }
            networks.append(network)
        }
        allowed = networks
    }

    package var allowsNoNetwork: Bool { allowed.isEmpty }

    /// Why no connection may be made to `address`; nil when it is allowed. `isPlain` means http
    /// without TLS.
    package func refusal(of address: IPAddress, isPlain: Bool) -> EgressRefusal? {
        if allowed.contains(where: { $0.contains(address) || $0.contains(address.reached) }) {
            return nil
        }
        guard address.isPublic else { return .notPublic }
        return isPlain ? .plain : nil
    }
}

/// Why a connection is refused. The text names no address: a tenant must not learn how a name
/// resolves inside the operator's network.
package enum EgressRefusal: Equatable, Sendable, CustomStringConvertible {
    case notPublic
    case plain

    package var description: String {
        switch self {
        case .notPublic:
            "its address is not a public one; the operator can allow its network with"
                + " \(EgressPolicy.variable)"
        case .plain:
            "plain http goes only to networks that the operator allows with"
                + " \(EgressPolicy.variable); use https"
        }
    }
}

/// An entry of the operator's list that is not a network.
package struct EgressPolicyError: Error, Equatable, Sendable, CustomStringConvertible {
    package let item: String

    init(_ item: String) {
        self.item = item
    }

    package var description: String {
        "\(EgressPolicy.variable): \"\(item)\" is no network; write 10.20.0.0/16, fd00::/8 or one"
            + " address"
    }
}
