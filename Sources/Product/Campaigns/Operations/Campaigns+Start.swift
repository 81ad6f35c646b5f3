internal import Database
package import FunctionContract
internal import Messages
internal import Providers

/// The size of a frozen audience.
package struct FrozenAudience: Sendable, Equatable {
    package let recipients: Int
    /// The number of excluded contacts by reason.
    package let excluded: [Exclusion.Reason: Int]
}

extension Campaigns {
    /// Freezes the audience and starts the campaign; the queue `send` then has work. Foreseeable
    /// errors are thrown here, and then nothing has changed.
    @discardableResult
    package func start(_ id: UUID) throws(CampaignError) -> FrozenAudience {
        let outcome = try CampaignError.wrap { () throws(DatabaseError) in
            try connection.transaction(snapshot) { (transaction) throws(DatabaseError) in
                let outcome = try start(id, in: transaction)
                if case .failure = outcome { transaction.abandon() }
                return outcome
            }
        }
        switch outcome {
        case .success(let audience?): return audience
        case .success(nil): throw try refusal(of: .start, id)
        case .failure(let error): throw error
        }
    }

    private var snapshot: TransactionOptions {
        TransactionOptions(identity: identity, isolation: .repeatableRead)
    }

    /// Nil if the campaign does not exist or its status does not allow a start.
    private func start(
        _ id: UUID,
        in transaction: Transaction
    ) throws(DatabaseError) -> Result<FrozenAudience?, CampaignError> {
        guard let row = try transaction.query(CampaignSQL.follow(.start, id)).first else {
            return .success(nil)
        }
        let campaign = try Campaign(row)
        let template = try template(of: campaign, in: transaction)
        let channel = try transaction.query(CampaignSQL.provider(of: campaign.channel)).first
        guard let channel, let provider = Provider(rawValue: try channel.get("provider")) else {
            return .failure(.channelMissing(campaign.channel))
        }
        let content: CampaignContent
        do throws(CampaignError) {
            try campaign.check()
            content = try campaign.content(try campaign.opening(template))
        } catch {
            return .failure(error)
        }
        let audience = Audience(
            content,
            purpose: campaign.purpose,
            provider: provider,
            now: try channel.get("now")
        )
        var freeze = Freeze(campaign, audience, in: transaction)
        let creator: UUID? = try row.get("audience_creator")
        guard try freeze.run(creator: creator, links: content.links) else {
            return .failure(.audienceTooLarge(limit: Freeze.audienceLimit))
        }
        if freeze.recipients == 0 { return .failure(.audienceEmpty(freeze.excluded)) }
        return .success(FrozenAudience(recipients: freeze.recipients, excluded: freeze.excluded))
    }

    private func template(
        of campaign: Campaign,
        in transaction: Transaction
    ) throws(DatabaseError) -> TemplateForm? {
        guard let id = campaign.templateID else { return nil }
        return try transaction.query(CampaignSQL.template(id)).first.map(TemplateForm.init)
    }
}

extension Campaign {
    /// Message 1, with its text parsed or its template.
    fileprivate func opening(
        _ template: TemplateForm?
    ) throws(CampaignError) -> CampaignContent.Opening {
        switch opening {
        case .text(let text): return .text(try Campaign.parsed(text))
        case .template(let id):
            guard let template else { throw .templateMissing(id) }
            guard template.status == .approved else {
                throw .templateNotApproved(template.name, status: template.status.rawValue)
            }
            return .template(template)
        }
    }
}
