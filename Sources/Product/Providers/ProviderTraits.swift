/// What is particular to a provider and is no code: each declares it in its own folder.
package struct ProviderTraits: Sendable {
    /// What proves that a webhook is the provider's.
    package enum Proof: Sendable {
        /// A signature, always: without its secret every webhook is refused.
        case signature
        /// The same, and a token of ours that the provider sends when the address is registered.
        case signatureAfterHandshake
        /// An unguessable part of the address. A signature may come on top.
        case address

        package var isSignature: Bool {
            switch self {
            case .signature, .signatureAfterHandshake: true
            case .address: false
            }
        }
    }

    /// What the provider calls the things that an operator is asked for.
    package struct Words: Sendable {
        package let id: String
        /// What `--account` takes; nil where there is no account.
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
    /// Where the provider's public API is; nil for those that everyone runs for themselves.
    package let publicBaseURL: String?
    /// How long after an inbound message more than templates may be sent; nil where no window
    /// closes.
    package let serviceWindow: Duration?
    /// The kinds of names that it sends to.
    package let names: Set<Identity.Kind>
    package let proof: Proof
    /// Whether nothing can be sent without the account's id.
    package let needsAccount: Bool
    package let words: Words
    /// The paces that it suggests. A new channel has the first.
    package let pacing: [PacingProfile]

    init(
        capabilities: Set<Capability>,
        publicBaseURL: String? = nil,
        serviceWindow: Duration? = nil,
        names: Set<Identity.Kind>,
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

    /// Whether it sends to a name of that kind.
    package func reaches(_ kind: Identity.Kind) -> Bool { adapter.traits.names.contains(kind) }
}
