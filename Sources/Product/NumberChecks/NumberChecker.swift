internal import Accounts
package import Database
private import Exchange
private import FunctionContract
package import HTTPClient
internal import Providers
package import Security
package import Work

/// Finds out which contacts are on WhatsApp, through the channels that can ask, at a pace that
/// their provider bears.
package struct NumberChecker {
    /// What was done.
    package struct Report: Sendable, Equatable {
        package var answered = 0
        package var unsure = 0
        /// Channels that may have more to ask for.
        package var remaining = 0
        /// Channels that could not ask, and why.
        package var problems: [String] = []
    }

    /// What a provider bears: 15 to 30 a minute.
    package static let pace = RateLimit(20, per: .seconds(60))
    /// Questions of one channel in one round, and how far ahead their tokens are taken.
    private static let roundLimit = 5
    private static let horizon: Duration = .seconds(15)

    private let connection: Connection
    private let client: HTTPClient
    private let secrets: SealedSecrets
    private let pace: RateLimit
    private let clock = ContinuousClock()

    package init(
        _ connection: Connection,
        _ client: HTTPClient,
        _ secrets: SealedSecrets,
        pace: RateLimit = pace
    ) {
        self.connection = connection
        self.client = client
        self.secrets = secrets
        self.pace = pace
    }

    /// Asks round by round until nobody is left to ask for, or no round fits before `end`.
    package func run(until end: ContinuousClock.Instant) throws(DatabaseError) -> Report {
        var report = Report()
        var channels = try channels(&report)
        while !channels.isEmpty, clock.now + Self.horizon + CheckExchange.answerLimit < end {
            var questions: [Question] = []
            for (place, channel) in channels.enumerated().reversed() {
                let more = try take(channel)
                if more.isEmpty { channels.remove(at: place) }
                questions += more
            }
            let held = try ask(questions, &report)
            channels.removeAll { held.contains($0.channel.id) }
        }
        report.remaining = channels.count
        return report
    }
}

/// A channel that can ask.
struct AskingChannel {
    let channel: Channel
    let access: ChannelAccess

    var rateKey: RateKey { RateKey("verify:\(channel.id)", of: channel.workspace) }
}

/// A number to ask for, and when.
private struct Question {
    let asker: AskingChannel
    let contact: UUID
    let phone: String
    let failures: Int
    let notBefore: ContinuousClock.Instant
}

// MARK: - Taking numbers in hand

extension NumberChecker {
    private func channels(_ report: inout Report) throws(DatabaseError) -> [AskingChannel] {
        let able = Provider.allCases.filter { $0.capabilities.contains(.numberCheck) }
        let rows = try connection.pipeline([
            PlatformScope.statement, NumberCheckSQL.channels(able),
        ])[1]
        let found = try rows.map { (row) throws(DatabaseError) in
            (
                channel: try row.get("id", as: UUID.self),
                workspace: try row.get("workspace", as: UUID.self)
            )
        }
        let (opened, problems) = try Channels.open(found, connection, secrets)
        report.problems += problems
        return opened.map { AskingChannel(channel: $0.channel, access: $0.access) }
    }

    private func take(_ asker: AskingChannel) throws(DatabaseError) -> [Question] {
        guard let grant = try grant(asker), grant.count > 0 else { return [] }
        let now = clock.now
        let lease = Self.horizon + CheckExchange.answerLimit + .seconds(30)
        let rows = try connection.transaction(
            options(asker.channel.workspace),
            [NumberCheckSQL.claim(grant.count, lease: lease)]
        )[0]
        if rows.count < grant.count {
            let unused = grant.count - rows.count
            try Rates(connection).giveBack(unused, of: grant, to: asker.rateKey)
        }
        var questions: [Question] = []
        for row in rows {
            questions.append(
                Question(
                    asker: asker,
                    contact: try row.get("id"),
                    phone: try row.get("phone"),
                    failures: try row.get("failures"),
                    notBefore: now + grant.delay(of: questions.count)
                )
            )
        }
        return questions
    }

    private func grant(_ asker: AskingChannel) throws(DatabaseError) -> RateGrant? {
        let rates = Rates(connection)
        let key = asker.rateKey
        if let grant = try rates.take(Self.roundLimit, from: key, within: Self.horizon) {
            return grant
        }
        try rates.set(key, pace)
        return try rates.take(Self.roundLimit, from: key, within: Self.horizon)
    }

    private func options(_ workspace: UUID) -> TransactionOptions {
        TransactionOptions(identity: .service(workspace))
    }
}

// MARK: - Asking

extension NumberChecker {
    /// Returns the channels that should ask no more for now.
    private func ask(
        _ questions: [Question],
        _ report: inout Report
    ) throws(DatabaseError) -> Set<UUID> {
        var verdicts: [(question: Question, verdict: CheckVerdict)] = []
        var planned: [(question: Question, request: PlannedRequest)] = []
        for question in questions {
            do throws(ProviderError) {
                let request = try CheckExchange.request(
                    question.phone,
                    through: question.asker.access,
                    of: question.asker.channel.provider
                )
                planned.append(
                    (question, PlannedRequest(request, notBefore: question.notBefore))
                )
            } catch {
                verdicts.append((question, .unsure(error.description, holdsChannel: nil)))
            }
        }
        client.sendAll(planned.map(\.request), concurrency: 64) { place, outcome in
            let question = planned[place].question
            let verdict = CheckVerdict(
                TransportResult(outcome),
                from: question.asker.channel.provider,
                now: .now
            )
            verdicts.append((question, verdict))
        }
        return try record(verdicts, &report)
    }

    private func record(
        _ verdicts: [(question: Question, verdict: CheckVerdict)],
        _ report: inout Report
    ) throws(DatabaseError) -> Set<UUID> {
        var held: Set<UUID> = []
        for workspace in Set(verdicts.map(\.question.asker.channel.workspace)).sorted() {
            let own = verdicts.filter { $0.question.asker.channel.workspace == workspace }
            try connection.transaction(options(workspace), statements(own, &report))
        }
        for (question, verdict) in verdicts {
            guard case .unsure(let reason, let hold?) = verdict else { continue }
            let asker = question.asker
            try Rates(connection).hold(asker.rateKey, for: hold)
            if held.insert(asker.channel.id).inserted {
                report.problems.append("channel \(asker.channel.id): \(reason)")
            }
        }
        return held
    }

    private func statements(
        _ verdicts: [(question: Question, verdict: CheckVerdict)],
        _ report: inout Report
    ) -> [Statement] {
        var answers: [(contact: UUID, isThere: Bool)] = []
        var names: [(contact: UUID, identity: Providers.Identity)] = []
        var postponed: [PostponedCheck] = []
        for (question, verdict) in verdicts {
            let contact = question.contact
            switch verdict {
            case .present(let identities):
                answers.append((contact, true))
                for identity in identities where [.waID, .lid].contains(identity.kind) {
                    names.append((contact, identity))
                }
            case .absent: answers.append((contact, false))
            case .unsure(let reason, _):
                let pause = CheckVerdict.pause(afterFailures: question.failures)
                postponed.append(
                    PostponedCheck(contact: contact, pause: pause, reason: reason)
                )
            }
        }
        report.answered += answers.count
        report.unsure += postponed.count
        return [
            NumberCheckSQL.record(answers), NumberCheckSQL.name(names),
            NumberCheckSQL.postpone(postponed),
        ]
    }
}
