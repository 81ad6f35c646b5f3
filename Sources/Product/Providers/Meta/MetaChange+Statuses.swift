private import FunctionContract

// Receipts, and errors that belong to no message.

extension MetaChange {
    var statusEvents: [DomainEvent] {
        value["statuses"].elements.enumerated().map { index, status in
            guard let update = statusUpdate(status) else {
                let word = status["status"]?.asText ?? "?"
                return unknown(status, at: "\(place).statuses[\(index)].\(word)")
            }
            let participant = status["participant"]?.asIdentifier
            let parts = ["s", update.messageID.value, update.status.metaWord, participant]
            return DomainEvent(
                dedupeKey: parts.compactMap { $0 }.joined(separator: ":"),
                channel: channel,
                occurredAt: update.at ?? time,
                kind: .status(update),
                raw: status
            )
        }
    }

    /// Errors beside messages explain those messages; alone they are about the account.
    var errorEvents: [DomainEvent] {
        guard value["messages"].elements.isEmpty else { return [] }
        return value["errors"].elements.map { error in
            let failure = ProviderFailure(meta: error)
            let update = AccountUpdate(topic: "errors", event: failure.code, detail: failure.words)
            return event(.account(update), saying: error)
        }
    }

    private func statusUpdate(_ status: JSON) -> StatusUpdate? {
        guard let id = status["id"]?.asIdentifier,
            let word = status["status"]?.asText,
            let delivery = DeliveryStatus.allCases.first(where: { $0.metaWord == word })
        else { return nil }
        var update = StatusUpdate(messageID: MessageID(id), status: delivery)
        update.reference = status["biz_opaque_callback_data"]?.asIdentifier
        update.at = status["timestamp"]?.asMoment
        update.recipient.add(.waID, status["recipient_id"]?.asIdentifier)
        update.recipient.add(.bsuid, status["recipient_user_id"]?.asIdentifier)
        update.recipient.add(.parentBSUID, status["parent_recipient_user_id"]?.asIdentifier)
        if delivery == .failed {
            update.failure = ProviderFailure(meta: status["errors"].elements.first)
        }
        update.pricing = pricing(status)
        return update
    }

    private func pricing(_ status: JSON) -> Pricing? {
        let pricing = status["pricing"]
        let origin = status["conversation"]?["origin"]?["type"]?.asIdentifier
        if pricing?.object == nil, origin == nil { return nil }
        return Pricing(
            isBillable: pricing?["billable"]?.asBool,
            model: pricing?["pricing_model"]?.asIdentifier,
            type: pricing?["type"]?.asIdentifier,
            category: pricing?["category"]?.asIdentifier,
            origin: origin
        )
    }
}

extension DeliveryStatus {
    /// Meta's word for it; nil for what Meta reports only in its reply.
    var metaWord: String? {
        switch self {
        case .sent: "sent"
        case .failed: "failed"
        case .delivered: "delivered"
        case .read: "read"
        case .played: "played"
        case .queued, .accepted: nil
        }
    }
}
