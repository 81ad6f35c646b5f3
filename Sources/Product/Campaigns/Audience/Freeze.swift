internal import Database
internal import FunctionContract
internal import Messages

/// Freezes an audience: it writes a message for each recipient and a reason for each excluded
/// contact. It runs in the caller's transaction, whose snapshot defines the audience.
struct Freeze {
    static let pageSize = 2000
    /// The largest audience; a larger one needs two campaigns.
    static let audienceLimit = 1_000_000

    private let campaign: Campaign
    private let transaction: Transaction
    private var audience: Audience
    private(set) var recipients = 0
    private(set) var excluded: [Exclusion.Reason: Int] = [:]

    init(_ campaign: Campaign, _ audience: Audience, in transaction: Transaction) {
        self.campaign = campaign
        self.audience = audience
        self.transaction = transaction
    }

    /// False if the audience is larger than the limit.
    mutating func run(creator: UUID?, links: [WebLink]) throws(DatabaseError) -> Bool {
        try transaction.query(AudienceSQL.add(links, to: campaign.id))
        var last: UUID?
        while true {
            let page = try page(creator: creator, after: last)
            try write(page)
            guard total <= Self.audienceLimit else { return false }
            guard page.count == Self.pageSize else { break }
            last = page.last?.id
        }
        let excluded = excluded.values.reduce(0, +)
        try transaction.query(AudienceSQL.count(recipients, excluded, of: campaign.id))
        return true
    }

    private var total: Int { recipients + excluded.values.reduce(0, +) }

    private func page(creator: UUID?, after last: UUID?) throws(DatabaseError) -> [Candidate] {
        let statement = AudienceSQL.page(
            of: campaign,
            creator: creator,
            after: last,
            limit: Self.pageSize
        )
        return try transaction.query(statement).map(Candidate.init)
    }

    private mutating func write(_ page: [Candidate]) throws(DatabaseError) {
        var messages: [FirstMessage] = []
        var exclusions: [(contact: UUID, exclusion: Exclusion)] = []
        for candidate in page {
            switch audience.admit(candidate, as: .v7()) {
            case .success(let message): messages.append(message)
            case .failure(let error):
                exclusions.append((candidate.id, error.exclusion))
                excluded[error.exclusion.reason, default: 0] += 1
            }
        }
        recipients += messages.count
        try transaction.pipeline([
            AudienceSQL.add(messages, to: campaign),
            AudienceSQL.exclude(exclusions, from: campaign.id),
        ])
    }
}
