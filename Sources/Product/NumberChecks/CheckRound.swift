internal import Accounts
internal import Database
private import Exchange
private import FunctionContract
internal import HTTPClient
internal import Providers
internal import Work

/// Checks numbers through several channels at once, each at its own rate. A channel claims more
/// numbers as soon as its current ones have been answered.
final class CheckRound {
    private(set) var report = NumberChecker.Report()

    private let checker: NumberChecker
    private let tasks: [ClaimedTask]
    private let hold: TaskHold
    private let batch: OutboundBatch
    private let clock = ContinuousClock()
    private var askers: [Asker] = []
    private var flights: [Int: (asker: Int, question: Question)] = [:]

    /// The maximum of concurrent questions per channel, and how far ahead we take its rate tokens.
    private static let questionLimit = 5
    private static let horizon: Duration = .seconds(15)

    init(_ checker: NumberChecker, _ tasks: [ClaimedTask], _ hold: TaskHold) {
        self.checker = checker
        self.tasks = tasks
        self.hold = hold
        batch = OutboundBatch(on: checker.client, concurrency: Self.questionLimit * tasks.count)
    }

    /// Returns the outcome of each task, in the order of the tasks.
    func run() -> [Outcome] {
        askers = tasks.map { task in
            var asker = Asker(task: task)
            do {
                asker.access = try open(task)
            } catch {
                asker.outcome = .failure(of: task, error)
            }
            return asker
        }
        repeat {
            for place in askers.indices where mayAsk(askers[place]) { ask(place) }
            collect()
            for place in askers.indices where askers[place].isAnswered { record(place) }
            do throws(DatabaseError) {
                try hold.keep()
            } catch {
                report.problems.append("the tasks in hand: \(error)")
            }
        } while !batch.isEmpty || askers.contains(where: mayAsk)
        return askers.map { asker in
            if let outcome = asker.outcome { return outcome }
            report.remaining += 1
            return .again(after: .zero)
        }
    }

    /// Whether the channel may claim more numbers and their answers would arrive before the hold
    /// ends.
    private func mayAsk(_ asker: Asker) -> Bool {
        asker.outcome == nil && asker.waiting == 0 && asker.verdicts.isEmpty
            && !hold.lost.contains(asker.task.id)
            && clock.now + Self.horizon + CheckExchange.answerLimit < hold.end
    }

    private func open(_ task: ClaimedTask) throws -> (channel: Channel, access: ChannelAccess) {
        guard let workspace = task.workspace, let channel = task.channel else {
            throw DatabaseError(.decoding, "this version does not know the task")
        }
        return try Channels(checker.connection, checker.secrets, as: .service(workspace))
            .open(channel)
    }
}

/// A task's channel and its progress.
private struct Asker {
    let task: ClaimedTask
    var access: (channel: Channel, access: ChannelAccess)?
    /// Questions sent but not yet answered.
    var waiting = 0
    var verdicts: [(question: Question, verdict: CheckVerdict)] = []
    var outcome: Outcome?

    var isAnswered: Bool { waiting == 0 && !verdicts.isEmpty }
}

/// A number to check, and the earliest time to do so.
private struct Question {
    let contact: UUID
    let phone: String
    let failures: Int
    let notBefore: ContinuousClock.Instant
}

extension ClaimedTask {
    fileprivate var channel: UUID? {
        let payload = try? JSONParser.parse(Array(payload.utf8))
        return payload?["channel"]?.string.flatMap { UUID($0) }
    }
}

// MARK: - Asking

extension CheckRound {
    /// Claims numbers and sends the questions. The task is done if there is no number to claim.
    private func ask(_ place: Int) {
        guard let (channel, access) = askers[place].access else { return }
        do throws(DatabaseError) {
            let questions = try take(channel)
            if questions.isEmpty { askers[place].outcome = .done }
            for question in questions { send(question, channel, access, place) }
        } catch {
            askers[place].outcome = .failure(of: askers[place].task, error)
        }
    }

    private func take(_ channel: Channel) throws(DatabaseError) -> [Question] {
        guard let grant = try grant(channel), grant.count > 0 else { return [] }
        let now = clock.now
        let lease = Self.horizon + CheckExchange.answerLimit + .seconds(30)
        let rows = try checker.connection.transaction(
            TransactionOptions(identity: .service(channel.workspace)),
            [NumberCheckSQL.claim(grant.count, lease: lease)]
        )[0]
        if rows.count < grant.count {
            try Rates(checker.connection).giveBack(
                grant.count - rows.count,
                of: grant,
                to: channel.checkRateKey
            )
        }
        var questions: [Question] = []
        for row in rows {
            questions.append(
                Question(
                    contact: try row.get("id"),
                    phone: try row.get("phone"),
                    failures: try row.get("failures"),
                    notBefore: now + grant.delay(of: questions.count)
                )
            )
        }
        return questions
    }

    private func grant(_ channel: Channel) throws(DatabaseError) -> RateGrant? {
        let rates = Rates(checker.connection)
        let key = channel.checkRateKey
        if let grant = try rates.take(Self.questionLimit, from: key, within: Self.horizon) {
            return grant
        }
        try rates.set(key, checker.pace)
        return try rates.take(Self.questionLimit, from: key, within: Self.horizon)
    }

    private func send(
        _ question: Question,
        _ channel: Channel,
        _ access: ChannelAccess,
        _ place: Int
    ) {
        do throws(ProviderError) {
            let request = try CheckExchange.request(
                question.phone,
                through: access,
                of: channel.provider
            )
            let ticket = batch.add(PlannedRequest(request, notBefore: question.notBefore))
            flights[ticket] = (place, question)
            askers[place].waiting += 1
        } catch {
            let verdict = CheckVerdict.unsure(error.description, holdsChannel: nil)
            askers[place].verdicts.append((question, verdict))
        }
    }

    private func collect() {
        for finished in batch.step(upTo: .seconds(1)) {
            guard let (place, question) = flights.removeValue(forKey: finished.ticket),
                let (channel, _) = askers[place].access
            else { continue }
            let verdict = CheckVerdict(
                TransportResult(finished.outcome),
                from: channel.provider,
                now: .now
            )
            askers[place].verdicts.append((question, verdict))
            askers[place].waiting -= 1
        }
    }
}

// MARK: - Recording

extension CheckRound {
    private func record(_ place: Int) {
        guard let (channel, _) = askers[place].access else { return }
        let verdicts = askers[place].verdicts
        askers[place].verdicts = []
        do throws(DatabaseError) {
            let options = TransactionOptions(identity: .service(channel.workspace))
            try checker.connection.transaction(options, statements(verdicts))
            for case (_, .unsure(let reason, let hold?)) in verdicts {
                try Rates(checker.connection).hold(channel.checkRateKey, for: hold)
                if askers[place].outcome == nil {
                    report.problems.append("channel \(channel.id): \(reason)")
                }
                askers[place].outcome = .done
            }
        } catch {
            askers[place].outcome = .failure(of: askers[place].task, error)
        }
    }

    private func statements(
        _ verdicts: [(question: Question, verdict: CheckVerdict)]
    ) -> [Statement] {
        var answers: [(contact: UUID, isThere: Bool)] = []
        var names: [(contact: UUID, identity: ContactIdentity)] = []
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

extension Channel {
    fileprivate var checkRateKey: RateKey { RateKey("verify:\(id)", of: workspace) }
}
