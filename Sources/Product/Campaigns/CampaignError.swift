package import Database
package import FunctionContract

/// Why a campaign cannot be created or a command was refused.
package enum CampaignError: Error, Equatable, Sendable {
    case database(DatabaseError)
    case missing(UUID)
    case channelMissing(UUID)
    case templateMissing(UUID)
    case templateNotApproved(String, status: String)
    /// An invalid text, and why.
    case text(String)
    /// The campaign names no category, no segment and no tag.
    case audienceUndefined
    /// Every contact is excluded: the number by reason.
    case audienceEmpty([Exclusion.Reason: Int])
    case audienceTooLarge(limit: Int)
    /// The campaign's status and the command that the status does not allow.
    case notAllowed(CampaignStatus, CampaignOrder)
    case scheduledInThePast
}

extension CampaignError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .database(let error): error.description
        case .missing(let id): "there is no campaign \(id) in this workspace"
        case .channelMissing(let id): "there is no channel \(id) in this workspace"
        case .templateMissing(let id): "there is no template \(id) in this workspace"
        case .templateNotApproved(let name, let status):
            "the template \(name) is \(status): only approved templates can be sent"
        case .text(let reason): "the text cannot be sent: \(reason)"
        case .audienceUndefined: "choose an audience: categories, a segment or tags"
        case .audienceEmpty(let reasons):
            "nobody is left in the audience: "
                + (reasons.isEmpty ? "no contact matches" : Self.list(reasons))
        case .audienceTooLarge(let limit): "the audience has more than \(limit) contacts"
        case .notAllowed(let status, let order):
            "a campaign that is \(status.rawValue) cannot \(order.rawValue)"
        case .scheduledInThePast: "the time to start is in the past"
        }
    }

    private static func list(_ reasons: [Exclusion.Reason: Int]) -> String {
        reasons.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\($0.value) \($0.key.rawValue)" }.joined(separator: ", ")
    }
}

extension CampaignError {
    static func wrap<Result>(
        _ body: () throws(DatabaseError) -> Result
    ) throws(CampaignError) -> Result {
        do {
            return try body()
        } catch {
            throw .database(error)
        }
    }
}
