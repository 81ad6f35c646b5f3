internal import Accounts
internal import Messages
package import Database
internal import Exchange
internal import FunctionContract
package import HTTPClient
internal import Providers
package import Security

/// Asks providers about messages whose outcome is unknown. It asks those that can search their
/// messages; of the others' messages only a receipt tells the outcome.
package struct Inquirer {
    /// The result of a run.
    package struct Report: Sendable, Equatable {
        package var asked = 0
        package var settled = 0
        /// Channels that could not be asked, and why.
        package var problems: [String] = []

        package init(asked: Int = 0, settled: Int = 0) {
            self.asked = asked
            self.settled = settled
        }
    }

    /// The strictest provider allows five requests a second.
    private static let roundLimit = 5
    private static let roundTime: Duration = .seconds(1)
    private static let answerLimit: Duration = .seconds(5)

    private let connection: Connection
    private let client: HTTPClient
    private let secrets: SealedSecrets
    private let clock = ContinuousClock()

    package init(_ connection: Connection, _ client: HTTPClient, _ secrets: SealedSecrets) {
        self.connection = connection
        self.client = client
        self.secrets = secrets
    }

    /// Asks in rounds until no message is left to ask for, or no round fits before `end`.
    package func run(until end: ContinuousClock.Instant) throws(DatabaseError) -> Report {
        var report = Report()
        var channels = try channels(&report)
        var start = clock.now
        while !channels.isEmpty, start + Self.answerLimit < end {
            var questions: [Question] = []
            for (place, channel) in channels.enumerated().reversed() {
                let more = try takeOrReport(channel, &report)
                if more.isEmpty { channels.remove(at: place) }
                questions += more
            }
            let silent = try ask(questions, from: start, &report)
            channels.removeAll { silent.contains($0.channel.id) }
            start = max(start + Self.roundTime, clock.now)
        }
        return report
    }
}

/// A channel that can be asked.
private struct AskedChannel {
    let channel: Channel
    let access: ChannelAccess
    let inquiries: Inquiries
}

private struct Question {
    let asked: AskedChannel
    let inquiry: Inquiries.Inquiry
    let search: MessageSearch
    let request: OutboundRequest
}

extension Inquirer {
    private func channels(_ report: inout Report) throws(DatabaseError) -> [AskedChannel] {
        let found = try Inquiries.channels(connection)
        let (opened, problems) = try Channels.open(found, connection, secrets)
        report.problems += problems
        return opened.map { channel, access in
            let workspace = channel.workspace
            let inquiries = Inquiries(connection, workspace: workspace, channel: channel.id)
            return AskedChannel(channel: channel, access: access, inquiries: inquiries)
        }
    }

    /// A problem of one channel does not stop the others.
    private func takeOrReport(
        _ asked: AskedChannel,
        _ report: inout Report
    ) throws(DatabaseError) -> [Question] {
        do throws(DatabaseError) {
            return try take(asked, &report)
        } catch {
            if error.concernsAll { throw error }
            report.problems.append("channel \(asked.channel.id): \(error)")
            return []
        }
    }

    private func take(
        _ asked: AskedChannel,
        _ report: inout Report
    ) throws(DatabaseError) -> [Question] {
        let inquiries = try asked.inquiries.take(Self.roundLimit)
        let forms = try templates(inquiries.compactMap(\.message.template), of: asked.channel)
        var questions: [Question] = []
        for inquiry in inquiries {
            let form = forms.first { $0.id == inquiry.message.template }
            guard let outbound = inquiry.message.outbound(form) else { continue }
            let search = MessageSearch(
                outbound,
                since: inquiry.since,
                channelID: asked.access.channelID
            )
            do throws(ProviderError) {
                let request = try asked.channel.provider.request(
                    for: .searchMessage(search),
                    through: asked.access
                )
                questions.append(
                    Question(
                        asked: asked,
                        inquiry: inquiry,
                        search: search,
                        request: OutboundRequest(request, within: Self.answerLimit)
                    )
                )
            } catch {
                report.problems.append("message \(inquiry.message.reference.message): \(error)")
            }
        }
        return questions
    }

    private func templates(
        _ ids: [UUID],
        of channel: Channel
    ) throws(DatabaseError) -> [TemplateForm] {
        if ids.isEmpty { return [] }
        return try Templates(connection, as: .service(channel.workspace)).find(ids)
    }

    /// Returns the channels not to ask again in this run.
    private func ask(
        _ questions: [Question],
        from start: ContinuousClock.Instant,
        _ report: inout Report
    ) throws(DatabaseError) -> Set<UUID> {
        var answers: [(question: Question, answer: MessageLookup)] = []
        client.sendAll(
            questions.map { PlannedRequest($0.request, notBefore: start) },
            concurrency: 64
        ) { place, outcome in
            let question = questions[place]
            let answer = question.asked.channel.provider.candidates(
                for: question.search,
                in: TransportResult(outcome),
                now: .now
            )
            answers.append((question, answer))
        }
        var silent: Set<UUID> = []
        for (question, answer) in answers {
            report.asked += 1
            switch answer {
            case .notFound: continue
            case .found(let candidates):
                if try settles(question, candidates, &report) { report.settled += 1 }
            case .inconclusive(let outcome):
                let channel = question.asked.channel.id
                guard silent.insert(channel).inserted else { continue }
                let why = outcome.reason?.english ?? "no answer"
                report.problems.append("channel \(channel): \(why)")
            }
        }
        return silent
    }

    private func settles(
        _ question: Question,
        _ candidates: [StatusUpdate],
        _ report: inout Report
    ) throws(DatabaseError) -> Bool {
        let (channel, inquiry) = (question.asked.channel, question.inquiry)
        do throws(DatabaseError) {
            return try question.asked.inquiries.settle(
                inquiry,
                by: candidates,
                of: channel.provider,
                now: .now
            )
        } catch {
            if error.concernsAll { throw error }
            report.problems.append("message \(inquiry.message.reference.message): \(error)")
            return false
        }
    }
}
