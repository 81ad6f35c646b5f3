private import FunctionContract

// Receipts, and errors that do not belong to a message.

extension MetaChange {
    var statusEvents: [DomainEvent] {
        let contacts = MetaContacts(value["contacts"].elements)
        return value["statuses"].elements.enumerated().map { index, status in
            guard let update = statusUpdate(status, contacts) else {
                let word = status["status"]?.asText ?? "?"
                return unknown(status, at: "\(place).statuses[\(index)].\(word)")
            }
            let member = Self.isOfGroup(status) ? update.recipient.identities.first?.value : nil
            let parts = ["s", update.messageID.value, update.status.metaWord, member]
            return DomainEvent(
                dedupeKey: parts.compactMap { $0 }.joined(separator: ":"),
                channel: channel,
                occurredAt: update.at ?? time,
                kind: .status(update)
            )
        }
    }

    /// Errors beside messages explain those messages. Errors alone are about the account.
    var errorEvents: [DomainEvent] {
        guard value["messages"].elements.isEmpty else { return [] }
        return value["errors"].elements.map { error in
            let failure = ProviderFailure(meta: error)
            let update = AccountUpdate(topic: "errors", event: failure.code, detail: failure.words)
            return event(.account(update), saying: error)
        }
    }

    private func statusUpdate(_ status: JSON, _ contacts: MetaContacts) -> StatusUpdate? {
        guard let id = status["id"]?.asIdentifier,
            let word = status["status"]?.asText,
            let delivery = DeliveryStatus.allCases.first(where: { $0.metaWord == word })
        else { return nil }
        var update = StatusUpdate(messageID: MessageID(id), status: delivery)
        update.reference = status["biz_opaque_callback_data"]?.asIdentifier
        update.at = status["timestamp"]?.asMoment
        update.recipient = recipient(of: status, contacts)
        if delivery == .failed {
            update.failure = ProviderFailure(meta: status["errors"].elements.first)
        }
        update.pricing = pricing(status)
        return update
    }

    /// Joins the person's names from the status and from the contact beside it. For a group,
    /// `recipient_id` is the group, and other members name the participant.
    private func recipient(of status: JSON, _ contacts: MetaContacts) -> Party {
        let isOfGroup = Self.isOfGroup(status)
        let waID = isOfGroup ? status.first("recipient_participant_id") : status["recipient_id"]
        let userID = status.first(
            isOfGroup ? "recipient_participant_user_id" : "recipient_user_id"
        )
        let parentID =
            isOfGroup
            ? status.first("recipient_participant_parent_user_id")
            : status.first("recipient_parent_user_id", "parent_recipient_user_id")
        var party = Party()
        party.add(.waID, waID?.asIdentifier)
        party.add(.bsuid, userID?.asIdentifier)
        party.add(.parentBSUID, parentID?.asIdentifier)
        if isOfGroup, let participant = status["participant"]?.asIdentifier {
            // Meta's older format has one `participant` field with a number or a user id.
            party.add(participant.isPhoneDigits ? .waID : .bsuid, participant)
        }
        contacts.name(&party)
        return party
    }

    private static func isOfGroup(_ status: JSON) -> Bool {
        status["recipient_type"]?.asText == "group"
            || status.first("recipient_participant_id", "recipient_participant_user_id") != nil
            || status["participant"] != nil
    }

    private func pricing(_ status: JSON) -> Pricing? {
        guard let pricing = status["pricing"], pricing.object != nil else { return nil }
        return Pricing(
            isBillable: pricing["billable"]?.asBool,
            model: pricing["pricing_model"]?.asIdentifier,
            type: pricing["type"]?.asIdentifier,
            category: pricing["category"]?.asIdentifier
        )
    }
}

extension JSON {
    /// The first of these members that is present.
    fileprivate func first(_ names: String...) -> JSON? {
        names.lazy.compactMap { self[$0] }.first
    }
}

extension DeliveryStatus {
    /// Meta's word for the status; nil for those that Meta reports only in its reply.
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
