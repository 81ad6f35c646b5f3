private import FunctionContract

// Calls between contacts and our number.

extension MetaChange {
    var callEvents: [DomainEvent] {
        let contacts = MetaContacts(value["contacts"].elements)
        let calls = value["calls"].elements.map { event(for: $0, contacts) }
        let reports = value["statuses"].elements.map { event(for: $0, contacts) }
        return calls + reports
    }

    private func event(for call: JSON, _ contacts: MetaContacts) -> DomainEvent {
        let word = (call["event"] ?? call["status"])?.asText?.lowercased()
        guard let id = call["id"]?.asIdentifier, let word, let phase = Self.phase(word) else {
            return unknown(call, at: "\(place).calls.\(word ?? "?")")
        }
        // Reports name a recipient, so they are about our own calls.
        let isOwn =
            call["recipient_id"] != nil || call["direction"]?.asText == "BUSINESS_INITIATED"
        var contact = Party()
        let (number, userID) = isOwn ? ("to", "to_user_id") : ("from", "from_user_id")
        contact.add(.waID, (call[number] ?? call["recipient_id"])?.asIdentifier)
        contact.add(.bsuid, call[userID]?.asIdentifier)
        contacts.name(&contact)
        let update = CallUpdate(
            id: id,
            phase: phase,
            contact: contact,
            chat: .direct,
            isOwn: isOwn
        )
        return DomainEvent(
            dedupeKey: dedupeKey("c", id, word),
            channel: channel,
            occurredAt: call["timestamp"]?.asMoment ?? time,
            kind: .call(update)
        )
    }

    private static func phase(_ word: String) -> CallUpdate.Phase? {
        switch word {
        case "connect", "ringing": .ringing
        case "accept", "accepted": .accepted
        case "reject", "rejected": .rejected
        case "terminate", "completed", "failed": .ended
        default: nil
        }
    }
}
