/// The declarative differences between providers. Each provider declares them in its own folder.
package struct ProviderTraits: Sendable {
    /// How a webhook proves that the provider sent it.
    package enum Proof: Sendable {
        /// Always a signature. Without the signing secret every webhook is refused.
        case signature
        /// A signature, and a token of ours that the provider sends when the address is registered.
        case signatureAfterHandshake
        /// An unguessable part of the address. A signature may be required as well.
        case address

        package var isSignature: Bool {
            switch self {
            case .signature, .signatureAfterHandshake: true
            case .address: false
            }
        }
    }

    /// The provider's terms for the values that we ask of an operator.
    package struct Words: Sendable {
        package let id: String
        /// The term for the value of `--account`; nil if the provider has no accounts.
        package let account: String?
        package let token: String
        package let secret: String

        init(id: String, account: String? = nil, token: String, secret: String) {
            self.id = id
            self.account = account
            self.token = token
            self.secret = secret
        }
    }

    package let capabilities: Set<Capability>
    /// The address of the provider's public API; nil for software that each operator hosts.
    package let publicBaseURL: String?
    /// How long after an inbound message we may send more than templates; nil if there is no such
    /// limit.
    package let serviceWindow: Duration?
    /// The kinds of names that the provider accepts as recipients.
    package let names: Set<ContactIdentity.Kind>
    package let proof: Proof
    /// Whether every send needs the account's id.
    package let needsAccount: Bool
    package let words: Words
    /// The sending rates that we suggest. A new channel gets the first.
    package let pacing: [PacingProfile]

    init(
        capabilities: Set<Capability>,
        publicBaseURL: String? = nil,
        serviceWindow: Duration? = nil,
        names: Set<ContactIdentity.Kind>,
        proof: Proof,
        needsAccount: Bool = false,
        words: Words,
        pacing: [PacingProfile]
    ) {
        precondition(!pacing.isEmpty, "a new channel needs a pace")
        self.capabilities = capabilities
        self.publicBaseURL = publicBaseURL
        self.serviceWindow = serviceWindow
        self.names = names
        self.proof = proof
        self.needsAccount = needsAccount
        self.words = words
        self.pacing = pacing
    }
}

extension Provider {
    package var capabilities: Set<Capability> { adapter.traits.capabilities }
    package var publicBaseURL: String? { adapter.traits.publicBaseURL }
    package var serviceWindow: Duration? { adapter.traits.serviceWindow }
    package var proof: ProviderTraits.Proof { adapter.traits.proof }
    package var needsAccount: Bool { adapter.traits.needsAccount }
    package var words: ProviderTraits.Words { adapter.traits.words }
    package var pacing: [PacingProfile] { adapter.traits.pacing }

    /// Whether the provider accepts names of that kind as recipients.
    package func reaches(_ kind: ContactIdentity.Kind) -> Bool {
        adapter.traits.names.contains(kind)
    }
}
