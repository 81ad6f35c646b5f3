internal import Database
internal import FunctionContract
internal import Messages
internal import Providers

/// The rules by which a contact becomes a recipient or is excluded. They run in the order consent,
/// reach, content, so the reported reason is the one that an operator can do most about.
struct Audience {
    private let content: CampaignContent
    private let purpose: CampaignPurpose
    private let provider: Provider
    private let now: Timestamp
    private var taken: Set<String> = []

    init(
        _ content: CampaignContent,
        purpose: CampaignPurpose,
        provider: Provider,
        now: Timestamp
    ) {
        self.content = content
        self.purpose = purpose
        self.provider = provider
        self.now = now
    }

    /// Call it once for each contact, in any order. Of two contacts with the same number, the first
    /// gets the message.
    mutating func admit(
        _ candidate: Candidate,
        as message: UUID
    ) -> Result<FirstMessage, ExclusionError> {
        do throws(ExclusionError) {
            try checkConsent(candidate)
            let addressee = try addressee(of: candidate)
            try checkWindow(candidate)
            let first = try write(to: candidate, at: addressee, as: message)
            let numbers = candidate.identities.compactMap(\.dialled) + [addressee.value]
            guard taken.isDisjoint(with: numbers) else { throw excluded(.duplicate) }
            taken.formUnion(numbers)
            return .success(first)
        } catch {
            return .failure(error)
        }
    }

    private func checkConsent(_ candidate: Candidate) throws(ExclusionError) {
        switch candidate.status {
        case .blocked: throw excluded(.blocked)
        case .unsubscribed: throw excluded(.unsubscribed)
        case .active: break
        }
        if purpose == .marketing, !candidate.hasOptedIn { throw excluded(.noOptIn) }
    }

    private func addressee(of candidate: Candidate) throws(ExclusionError) -> ContactIdentity {
        if candidate.isOnWhatsApp == false { throw excluded(.notOnWhatsApp) }
        let usable = candidate.identities.filter { provider.reaches($0.kind) }
        guard let best = usable.first else { throw excluded(.noIdentity) }
        return best
    }

    private func checkWindow(_ candidate: Candidate) throws(ExclusionError) {
        guard case .text = content.opening, let window = provider.serviceWindow else { return }
        guard let last = candidate.lastInboundAt, now < last + window else {
            throw excluded(.windowClosed)
        }
    }

    private func write(
        to candidate: Candidate,
        at addressee: ContactIdentity,
        as message: UUID
    ) throws(ExclusionError) -> FirstMessage {
        do throws(MissingValue) {
            var first = FirstMessage(id: message, contact: candidate.id, addressee: addressee)
            switch content.opening {
            case .text(let text):
                first.body = try content.written(text, to: candidate.values, message: message)
            case .template(let form):
                let values = try content.values(
                    of: form,
                    for: candidate.values,
                    message: message
                )
                first.parameters = values
                first.body = form.body(with: values)
            }
            if let followUp = content.followUp {
                first.followUp = try content.written(
                    followUp,
                    to: candidate.values,
                    message: message
                )
            }
            guard first.isSendable else { throw MissingValue(name: "") }
            return first
        } catch {
            throw error.name.isEmpty ? excluded(.tooLong) : excluded(.missingValue, error.name)
        }
    }

    private func excluded(_ reason: Exclusion.Reason, _ detail: String? = nil) -> ExclusionError {
        ExclusionError(exclusion: Exclusion(reason, detail: detail))
    }
}

/// An exclusion, thrown by a rule.
struct ExclusionError: Error, Equatable {
    let exclusion: Exclusion
}

/// Message 1 to one recipient, and the Message 2 that follows an answer.
struct FirstMessage: Equatable {
    let id: UUID
    let contact: UUID
    let addressee: ContactIdentity
    var body = ""
    var parameters: [String]?
    var followUp: String?

    /// Within WhatsApp's limit and not blank.
    fileprivate var isSendable: Bool {
        [body, followUp ?? "-"].allSatisfy { text in
            text.unicodeScalars.count <= MessageText.lengthLimit
                && text.contains { !$0.isWhitespace }
        }
    }
}
