import FunctionContract
import Testing

@testable import LocalRunner

@Suite struct CampaignCardTests {
    private static let id = "0199c2a0-0000-7000-8000-000000000001"

    private static let campaign = """
        {
            "id": "\(id)", "name": "Soldes", "workspace": "w", "workspaceName": "Karité",
            "status": "paused",
            "french": "en pause", "purpose": "marketing", "unknownPolicy": "park",
            "recipients": 812, "excluded": 14, "total": 900, "succeeded": 890, "failed": 8,
            "parked": 2, "successRate": 98.8, "createdAt": "2026-11-20T03:06:20.000001Z",
            "scheduledAt": null, "startedAt": "2026-11-21T08:00:00.123456Z", "completedAt": null,
            "relaunchOf": null, "reason": {"code": "132015", "fr": "Le modèle est en pause."},
            "channel": {"id": "c", "name": "Boutique", "provider": "meta", "isActive": true},
            "template": {
                "name": "promo", "language": "fr", "status": "paused", "reason": "Qualité basse."
            },
            "messages": [
                {"status": "parked", "french": "à décider", "count": 2},
                {"status": "delivered", "french": "remis", "count": 890}
            ],
            "answers": 120, "hasMessage2": true, "message2": {"total": 88, "succeeded": 87},
            "exclusions": [
                {"reason": "unsubscribed", "french": "désabonné", "detail": null, "count": 9},
                {"reason": "missing_value", "french": "valeur manquante", "detail": "city",
                    "count": 3}
            ],
            "failures": [
                {"reason": {"code": "131026", "fr": "Pas de WhatsApp.", "detail": "gone"},
                    "count": 5},
                {"reason": null, "count": 1}
            ],
            "orders": ["resume", "stop", "retry", "resend", "leave"]
        }
        """

    private static func parse(_ text: String) throws -> JSON {
        try JSONParser.parse(Array(text.utf8))
    }

    private func campaign(_ change: (inout JSONObject) -> Void = { _ in }) throws -> JSON {
        var campaign = try #require(try Self.parse(Self.campaign).object)
        change(&campaign)
        return .object(campaign)
    }

    @Test func showsEverythingThatIsKnown() throws {
        #expect(
            CampaignCard(try campaign()).text == """
                Soldes  en pause (paused)
                  campaign      \(Self.id)
                  workspace     Karité
                  purpose       marketing; what stays uncertain is parked
                  channel       Boutique (meta)
                  template      promo, fr, paused: Qualité basse.
                  created       2026-11-20T03:06:20Z
                  started       2026-11-21T08:00:00Z
                  reason        [132015] Le modèle est en pause.
                  recipients    812, 14 excluded
                  success rate  98.8 %: 890 of 900 messages
                  answers       from 120 contacts
                  Message 2     88, 87 of them with success

                Messages
                  à décider (parked)  2
                  remis (delivered)   890

                Excluded
                  9  désabonné (unsubscribed)
                  3  valeur manquante (missing_value): city
                  2  autres raisons (other reasons)

                Failed
                  5  [131026] Pas de WhatsApp. (gone)
                  1  sans raison (no reason)
                  2  autres raisons (other reasons)

                Now: local-runner campaigns <order> \(Self.id)
                  resume  go on; a template that was held back may be used again
                  stop    cancel, for good, what has not gone out
                  retry   send the failed messages again, to those who can still be written to
                  resend  send the parked messages again; some people may get them twice
                  leave   count the parked messages as failed

                """
        )
    }

    @Test func saysNothingOfWhatHasNotHappened() throws {
        let planned = try campaign { campaign in
            campaign["scheduledAt"] = "2026-12-01T08:00:00.000000Z"
            for name in ["startedAt", "reason", "template"] { campaign[name] = .null }
            for name in ["messages", "exclusions", "failures"] { campaign[name] = [] }
            for name in ["excluded", "failed"] { campaign[name] = 0 }
        }
        let text = CampaignCard(planned).text
        #expect(text.contains("  planned for  2026-12-01T08:00:00Z\n"))
        for word in ["recipients", "success rate", "Message 2", "template  ", "Failed", "Excluded"]
        {
            #expect(!text.contains(word), "\(word)")
        }
    }

    @Test func saysWhatHoldsMessagesBack() throws {
        let resume = "It is paused: `local-runner campaigns resume \(Self.id)`.\n"
        #expect(try campaign().way == resume)
        let channel = try Self.parse(#"{"id": "c", "name": "B", "provider": "waha"}"#)
        let held = try campaign { campaign in
            campaign["status"] = "running"
            campaign["channel"] = channel
        }
        let line = "  B (waha), paused: `local-runner channels show c` says why\n"
        #expect(CampaignCard(held).text.contains(line))
        #expect(held.way == "Its channel B is paused: `local-runner channels show c` says why.\n")
        let open = try campaign { $0["status"] = "running" }
        #expect(open.way.hasPrefix("Its channel Boutique sends within seconds what"))
        #expect(open.way.hasSuffix(": `local-runner channels show c`.\n"))
    }

    @Test func aListHasALineForEachAndSaysWhereTheNextPageBegins() throws {
        let answer: JSON = ["campaigns": [try campaign()], "next": .string(Self.id)]
        let lines = CampaignTable(answer, ofOneWorkspace: false).text.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        #expect(
            lines == [
                "CAMPAIGN NAME STATUS RECIPIENTS SUCCEEDED FAILED PARKED SUCCESS CREATED (UTC)"
                    + " STARTED (UTC) WORKSPACE",
                "\(Self.id) Soldes en pause (paused) 812 890 8 2 98.8 % 2026-11-20T03:06"
                    + " 2026-11-21T08:00 Karité",
                "Older ones: local-runner campaigns list --before \(Self.id)",
            ]
        )
        let own = CampaignTable(answer, ofOneWorkspace: true).text
        #expect(own.hasSuffix(" list --before \(Self.id) --workspace w\n"))
        let none = CampaignTable(["campaigns": []], ofOneWorkspace: false)
        #expect(none.text == "No campaign.\n")
    }
}
