import FunctionContract
import Providers

// The receipts and answers of an accepted message.

extension Simulator {
    /// Plans the receipts and the recipient's answer. `whenTold` is called at once. If the first
    /// receipt precedes the reply, `whenTold` is called after that receipt.
    func follow(_ message: SentMessage, _ decision: Decision, whenTold: @escaping () -> Void) {
        var receipts = decision.receipts[...]
        if decision.tellsBeforeReplying, let first = receipts.popFirst() {
            tell(first, of: message, onFirstTry: whenTold)
        } else {
            whenTold()
        }
        for receipt in receipts {
            agenda.after(decision.latency + receipt.delay) { [unowned self] in
                tell(receipt, of: message)
            }
        }
        guard let reply = decision.reply else { return }
        agenda.after(decision.latency + reply.delay) { [unowned self] in
            answer(message, reply)
        }
    }

    /// Schedules the effects of the current request.
    func carryOutPlans() {
        for (delay, happening) in world.planned {
            agenda.after(delay) { [unowned self] in
                if case .template(let record, let event, let reason) = happening.news {
                    world.templates.update(record.id) { template in
                        template.status = event
                        template.rejection = reason
                    }
                }
                post(happening)
            }
        }
        world.planned = []
    }

    /// Sends a webhook to the platform now.
    func tell(
        _ news: Happening.News,
        of account: Account,
        duplicateAfter: Int? = nil,
        onFirstTry: (() -> Void)? = nil
    ) {
        let happening = Happening(
            account: account,
            id: world.ids.next(),
            at: clock(),
            news: news
        )
        post(happening, onFirstTry: onFirstTry)
        guard let duplicateAfter else { return }
        agenda.after(duplicateAfter) { [unowned self] in post(happening) }
    }

    private func tell(
        _ receipt: PlannedReceipt,
        of message: SentMessage,
        onFirstTry: (() -> Void)? = nil
    ) {
        let failure = receipt.failure.map { rule in
            ProviderFailure(code: rule.code.map(String.init), title: rule.message)
        }
        world.messages.add(
            SentMessage.Receipt(status: receipt.status, at: clock(), failure: failure),
            to: message.id
        )
        tell(
            .receipt(message, receipt.status, failure),
            of: message.account,
            duplicateAfter: receipt.duplicateAfter,
            onFirstTry: onFirstTry
        )
    }

    private func answer(_ message: SentMessage, _ reply: PlannedReply) {
        let limit = world.scenario.rules(for: message.recipient).replies.limitPerPerson
        guard world.people[message.recipient].replies < limit else { return }
        world.people[message.recipient].replies += 1
        let content: Inbound.Content =
            switch reply.kind {
            case .text(let text): .text(text)
            case .button(let place): .button(message.buttons[place])
            case .reaction(let emoji): .reaction(emoji)
            }
        write(content, from: message.recipient, to: message.account, about: message, reply)
    }

    /// Lets a person write to an account.
    func write(
        _ content: Inbound.Content,
        from recipient: String,
        to account: Account,
        about message: SentMessage? = nil,
        _ reply: PlannedReply? = nil
    ) {
        world.people[recipient].wroteAt = clock()
        let inbound = Inbound(
            id: account.provider.player.inboundID(from: recipient, in: &world),
            from: recipient,
            name: world.behaviour.name(of: recipient),
            content: content,
            context: message
        )
        if let message {
            world.messages.add(
                SentMessage.Answer(id: inbound.id, words: content.words),
                to: message.id
            )
        }
        tell(.message(inbound), of: account, duplicateAfter: reply?.duplicateAfter)
    }

    private func post(_ happening: Happening, onFirstTry: (() -> Void)? = nil) {
        let player = happening.account.provider.player
        guard let dispatcher, let notice = player.notice(for: happening) else {
            onFirstTry?()
            return
        }
        let posting = Posting(notice, of: happening.account)
        posting.headers = player.proof(
            of: notice,
            at: dispatcher.address.url + posting.path,
            secret: happening.account.secret,
            id: happening.id,
            now: clock()
        )
        posting.onFirstTry = onFirstTry
        dispatcher.post(posting)
    }
}
