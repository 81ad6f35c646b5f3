import Providers

/// Makes all random decisions from a seed. The same question has the same answer in every run, in
/// whatever order the questions come.
struct Behaviour {
    let seed: UInt64
    var scenario: Scenario

    /// The outcome of the `attempt`-th send to `recipient`, for a message with `buttons` buttons.
    /// With `failure`, the provider accepts the message and reports the failure afterwards.
    func decision(
        on recipient: String,
        attempt: Int,
        buttons: Int = 0,
        failing failure: ErrorRule? = nil
    ) -> Decision {
        let rules = scenario.rules(for: recipient)
        let draw = Draw(seed: seed, recipient: recipient, attempt: attempt)
        let failure = isAbsent(recipient) ? .absent : failure
        let receipts =
            failure.map { Self.failed($0, rules, draw) } ?? Self.receipts(rules, draw)
        return Decision(
            fate: Self.fate(rules, draw),
            latency: rules.latency.milliseconds(draw, .latency),
            receipts: receipts,
            tellsBeforeReplying: draw.happens(.early, share: rules.disorder.beforeReplyShare),
            reply: Self.reply(rules, draw, after: receipts, buttons: buttons)
        )
    }

    /// Whether the number is not on WhatsApp.
    func isAbsent(_ recipient: String) -> Bool {
        Draw(seed: seed, about: recipient)
            .happens(.absent, share: scenario.rules(for: recipient).absentShare)
    }

    /// Whether a template is rejected, and how many milliseconds the review takes.
    func review(of template: String) -> (isRejected: Bool, delay: Int) {
        let draw = Draw(seed: seed, about: template)
        return (
            draw.happens(.approval, share: scenario.templates.rejectShare),
            scenario.templates.review.milliseconds(draw, .approvalDelay)
        )
    }

    /// The profile name of a person.
    func name(of recipient: String) -> String {
        let draw = Draw(seed: seed, about: recipient)
        return Self.names[draw.index(.name, below: Self.names.count)]
    }

    private static let names = [
        "Afi", "Ama", "Awa", "Ayélé", "Bintou", "Edem", "Efua", "Essi", "Fatou", "Koffi", "Kossi",
        "Kwame", "Mawuli", "Moussa", "Sena", "Yao",
    ]
}

// MARK: - The reply

extension Behaviour {
    /// One draw decides all cases, so that the shares add up: resets, silences, gateway errors,
    /// then provider errors.
    private static func fate(_ rules: Rules, _ draw: Draw) -> Decision.Fate {
        var rest = draw.unit(.fate)
        let isTaken = draw.happens(.taken, share: rules.lost.takenShare)
        if rest < rules.lost.resetShare { return .reset(isTaken: isTaken) }
        rest -= rules.lost.resetShare
        if rest < rules.lost.silenceShare { return .silence(isTaken: isTaken) }
        rest -= rules.lost.silenceShare
        if rest < rules.lost.gatewayShare { return .gateway(isTaken: isTaken) }
        rest -= rules.lost.gatewayShare
        return pick(rules.errors, rest).map(Decision.Fate.refused) ?? .accepted
    }

    private static func pick(_ rules: [ErrorRule], _ throwOfDice: Double) -> ErrorRule? {
        var rest = throwOfDice
        for rule in rules {
            if rest < rule.share { return rule }
            rest -= rule.share
        }
        return nil
    }
}

// MARK: - Receipts and answers

extension Behaviour {
    private static func receipts(_ rules: Rules, _ draw: Draw) -> [PlannedReceipt] {
        if let failure = pick(rules.receipts.failures, draw.unit(.failure)) {
            return failed(failure, rules, draw)
        }
        var delay = rules.receipts.sent.milliseconds(draw, .sent)
        var receipts = [PlannedReceipt(delay: delay, status: .sent)]
        if draw.happens(.isDelivered, share: rules.receipts.deliveredShare) {
            delay += rules.receipts.delivered.milliseconds(draw, .delivered)
            receipts.append(PlannedReceipt(delay: delay, status: .delivered))
            if draw.happens(.isRead, share: rules.receipts.readShare) {
                delay += rules.receipts.read.milliseconds(draw, .read)
                receipts.append(PlannedReceipt(delay: delay, status: .read))
            }
        }
        return disturbed(receipts, rules.disorder, draw)
    }

    /// The provider accepts the message, tries to deliver it, and reports a failure.
    private static func failed(
        _ failure: ErrorRule,
        _ rules: Rules,
        _ draw: Draw
    ) -> [PlannedReceipt] {
        let delay = rules.receipts.sent.milliseconds(draw, .sent)
        let receipt = PlannedReceipt(delay: delay, status: .failed, failure: failure)
        return disturbed([receipt], rules.disorder, draw)
    }

    private static func disturbed(
        _ receipts: [PlannedReceipt],
        _ disorder: Disorder,
        _ draw: Draw
    ) -> [PlannedReceipt] {
        var receipts = receipts
        if draw.happens(.disorder, share: disorder.outOfOrderShare) {
            let delays = receipts.map(\.delay)
            receipts.reverse()
            for (place, delay) in delays.enumerated() { receipts[place].delay = delay }
        }
        if draw.happens(.duplicate, share: disorder.duplicateShare) {
            let after = disorder.duplicateDelay.milliseconds(draw, .duplicateDelay)
            for place in receipts.indices { receipts[place].duplicateAfter = after }
        }
        return receipts
    }

    /// Only a recipient with a delivered message can answer it.
    private static func reply(
        _ rules: Rules,
        _ draw: Draw,
        after receipts: [PlannedReceipt],
        buttons: Int
    ) -> PlannedReply? {
        guard let delivery = receipts.first(where: { $0.status == .delivered }),
            draw.happens(.replies, share: rules.replies.share)
        else { return nil }
        let isTwice = draw.happens(.duplicate, share: rules.disorder.duplicateShare)
        return PlannedReply(
            delay: delivery.delay + rules.replies.delay.milliseconds(draw, .replyDelay),
            kind: kind(of: rules.replies, draw, buttons: buttons),
            duplicateAfter: isTwice
                ? rules.disorder.duplicateDelay.milliseconds(draw, .duplicateDelay) : nil
        )
    }

    private static func kind(
        of replies: Replies,
        _ draw: Draw,
        buttons: Int
    ) -> PlannedReply.Kind {
        var rest = draw.unit(.replyKind)
        if rest < replies.stopShare { return .text(oneOf(replies.stopWords, draw)) }
        rest -= replies.stopShare
        if rest < replies.reactionShare { return .reaction("👍") }
        rest -= replies.reactionShare
        // The rest of the draw is uniform over the remaining share.
        let left = 1 - replies.stopShare - replies.reactionShare
        if buttons > 0, rest < replies.buttonShare * left {
            return .button(draw.index(.replyWords, below: buttons))
        }
        return .text(oneOf(replies.texts, draw))
    }

    private static func oneOf(_ words: [String], _ draw: Draw) -> String {
        words[draw.index(.replyWords, below: words.count)]
    }
}

extension ErrorRule {
    /// The number is not on WhatsApp.
    static let absent = ErrorRule(share: 1, code: 131_026)
    /// The recipient has not written within 24 hours.
    static let windowClosed = ErrorRule(share: 1, code: 131_047)
}
