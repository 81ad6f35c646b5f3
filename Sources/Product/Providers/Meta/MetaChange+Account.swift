private import FunctionContract

// Events about templates, preferences and the account itself.

extension MetaChange {
    var templateEvents: [DomainEvent] {
        guard let change = templateChange else { return [] }
        let update = TemplateUpdate(
            id: value["message_template_id"]?.asIdentifier,
            name: value["message_template_name"]?.asIdentifier,
            language: value["message_template_language"]?.asIdentifier,
            change: change
        )
        return [event(.template(update))]
    }

    private var templateChange: TemplateUpdate.Change? {
        switch field {
        case "message_template_status_update":
            value["event"]?.asIdentifier.map { .status($0, reason: templateReason) }
        case "message_template_quality_update":
            value["new_quality_score"]?.asIdentifier.map {
                .quality(from: value["previous_quality_score"]?.asIdentifier, to: $0)
            }
        case "template_category_update":
            (value["new_category"] ?? value["correct_category"])?.asIdentifier.map {
                .category(from: value["previous_category"]?.asIdentifier, to: $0)
            }
        default: .components
        }
    }

    /// Meta writes NONE for "no reason". It explains a pause, a rejection and the end of a template
    /// in other members.
    private var templateReason: String? {
        let word = value["reason"]?.asIdentifier
        let rejection = value["rejection_info"]
        let parts = [
            word == "NONE" ? nil : word, value["other_info"]?["title"]?.asIdentifier,
            rejection?["reason"]?.asIdentifier, rejection?["recommendation"]?.asIdentifier,
            value["disable_info"]?["disable_date"]?.asMoment?.rfc3339,
        ]
        var told: [String] = []
        for part in parts {
            if let part, !told.contains(part) { told.append(part) }
        }
        return told.isEmpty ? nil : told.joined(separator: ": ")
    }

    var preferenceEvents: [DomainEvent] {
        let contacts = MetaContacts(value["contacts"].elements)
        return value["user_preferences"].elements.enumerated().map { index, preference in
            guard preference["category"]?.asText == "marketing_messages",
                let allows = Self.allowsMarketing(preference["value"]?.asText)
            else { return unknown(preference, at: "\(place).user_preferences[\(index)]") }
            var party = Party()
            party.add(.waID, preference["wa_id"]?.asIdentifier)
            party.add(.bsuid, preference["user_id"]?.asIdentifier)
            contacts.name(&party)
            let kind = DomainEvent.Kind.preference(
                MarketingPreference(
                    party: party,
                    allowsMarketing: allows,
                    detail: preference["detail"]?.asIdentifier
                )
            )
            return DomainEvent(
                dedupeKey: DomainEvent.contentKey("p", channel.accountID, of: preference),
                channel: channel,
                occurredAt: preference["timestamp"]?.asMoment ?? time,
                kind: kind
            )
        }
    }

    /// `signup` is consent that the contact gave through one of Meta's links.
    private static func allowsMarketing(_ word: String?) -> Bool? {
        switch word {
        case "stop": false
        case "resume", "signup": true
        default: nil
        }
    }

    var accountEvents: [DomainEvent] {
        guard let field, value.object != nil else { return [] }
        let event = (value["event"] ?? value["decision"] ?? value["alert_info"]?["alert_type"])
        let detail =
            value["rejection_reason"] ?? value["alert_info"]?["alert_description"]
            ?? value["violation_info"]?["violation_type"] ?? value["ban_info"]?["waba_ban_state"]
        let limit = value["current_limit"] ?? value["max_daily_conversations_per_business"]
        let update = AccountUpdate(
            topic: field,
            event: event?.asIdentifier,
            detail: detail?.asIdentifier,
            severity: value["alert_info"]?["alert_severity"]?.asIdentifier,
            limit: limit?.asIdentifier,
            restrictions: (value["restriction_info"]?.asList ?? []).compactMap(Self.restriction)
        )
        return [self.event(.account(update))]
    }

    private static func restriction(_ json: JSON) -> AccountRestriction? {
        json["restriction_type"]?.asIdentifier.map {
            AccountRestriction(type: $0, until: json["expiration"]?.asMoment)
        }
    }
}
