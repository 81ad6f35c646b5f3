private import FunctionContract

// Templates, preferences, and the account itself.

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

    /// Meta writes NONE for "no reason", and explains a pause in another place.
    private var templateReason: String? {
        let reason = value["reason"]?.asIdentifier
        let title = value["other_info"]?["title"]?.asIdentifier
        return reason == "NONE" ? title : reason ?? title
    }

    var preferenceEvents: [DomainEvent] {
        value["user_preferences"].elements.enumerated().map { index, preference in
            let word = preference["value"]?.asText
            guard preference["category"]?.asText == "marketing_messages",
                word == "stop" || word == "resume"
            else { return unknown(preference, at: "\(place).user_preferences[\(index)]") }
            var party = Party()
            party.add(.waID, preference["wa_id"]?.asIdentifier)
            party.add(.bsuid, preference["user_id"]?.asIdentifier)
            let kind = DomainEvent.Kind.preference(
                MarketingPreference(
                    party: party,
                    allowsMarketing: word == "resume",
                    detail: preference["detail"]?.asIdentifier
                )
            )
            return DomainEvent(
                dedupeKey: DomainEvent.contentKey("p", channel.accountID, of: preference),
                channel: channel,
                occurredAt: preference["timestamp"]?.asMoment ?? time,
                kind: kind,
                raw: preference
            )
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
            limit: limit?.asIdentifier
        )
        return [self.event(.account(update))]
    }
}
