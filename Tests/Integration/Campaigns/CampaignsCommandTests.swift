import Accounts
@testable import Campaigns
@testable import Messages
import Contacts
import Database
import FunctionContract
@testable import Providers
import Testing

@Suite("local-runner campaigns", .ownThread)
struct CampaignsCommandTests {
    private let desk: OperatorDesk
    private let tenant: Tenant

    init() throws {
        let database = try MessagingDatabase()
        desk = try OperatorDesk(database)
        tenant = try Tenant(in: database)
    }

    @Test("A campaign is started, paused, resumed and stopped, and says how it stands")
    func journey() throws {
        try tenant.addContacts(3)
        try tenant.addContacts(2) { $0.optedInAt = nil }
        let id = try tenant.draft("Fêtes")
        let shown = try desk.json("show Fêtes")
        #expect(shown["id"]?.string == id.description)
        #expect(shown["orders"] == ["schedule", "start"])
        #expect(
            try desk.run("start Fêtes").output == """
                Fêtes has started: 3 messages are queued, 2 contacts are excluded. Its channel \
                Boutique sends within seconds what its pace, hours and limits allow: \
                `local-runner channels show \(tenant.channel.id)`.

                """
        )
        #expect(
            try desk.run("pause Fêtes").output.hasPrefix("Fêtes is paused: nothing more goes out")
        )
        #expect(try claim().isEmpty)
        #expect(
            try desk.run("resume \(id)").output.hasPrefix("Fêtes goes on. Its channel Boutique sen")
        )
        #expect(try claim(1).count == 1)
        let card = try desk.run("show \(id)").output
        for line in [
            "Fêtes  en cours (running)\n", "  recipients    3, 2 excluded\n",
            "  success rate  0.0 %: 0 of 3 messages\n", "  en file (queued)  3\n",
            "  2  n'a pas accepté les messages commerciaux (no_opt_in)\n",
            "  pause  nothing more goes out until resume\n",
        ] {
            #expect(card.contains(line), "\(card)")
        }
        let stopped = "Fêtes is stopped for good: 2 messages are cancelled.\n"
        #expect(try desk.run("stop Fêtes").output == stopped)
        #expect(try desk.json("show Fêtes")["orders"] == ["relaunch"])
        #expect(try tenant.statuses(of: id) == [.queued: 1, .cancelled: 2])
    }

    @Test("A campaign starts at its hour, which may be changed until then")
    func schedule() throws {
        try tenant.addContacts(1)
        let id = try tenant.draft("Soldes")
        let planned = try desk.run("schedule Soldes --at 2126-03-12T19:00:00+01:00")
        #expect(planned.output == "Soldes starts within a minute after 2126-03-12T18:00:00Z.\n")
        let changed = try desk.json("schedule Soldes --at 2126-03-13T19:00:00Z")
        #expect(changed["scheduledAt"]?.string?.hasPrefix("2126-03-13T19:00:00") == true)
        #expect(changed["orders"] == ["schedule", "start", "stop"])
        let task = """
            SELECT FROM relais.task WHERE dedupe_key LIKE 'start ' || $1 || ' %' AND run_at = $2
            """
        let hour = try #require(try tenant.campaigns.find(id)?.scheduledAt)
        #expect(try tenant.count(task, .text(id.description), .timestamp(hour)) == 1)
        try tenant.campaigns.start(id)
        try desk.expectRefusal(
            "schedule Soldes --at 2126-03-14T19:00:00Z",
            "a campaign that is running cannot schedule; it can pause, stop"
        )
    }

    @Test("What failed is shown by its reason and sent again")
    func retry() throws {
        try tenant.addContacts(3)
        let id = try tenant.start()
        try desk.expectRefusal(
            "retry Soldes",
            "no message of Soldes has failed: there is nothing to"
        )
        let reason = Reason(code: "131026", french: "Pas de WhatsApp.", english: "No WhatsApp.")
        for message in try claim() { try record(message, .failed(reason, .none)) }
        #expect(try tenant.campaigns.completeFinished() == [id])
        #expect(try desk.run("show Soldes").output.contains("\n  3  [131026] Pas de WhatsApp.\n"))
        #expect(
            try desk.run("retry Soldes").output.hasPrefix(
                "3 failed messages of Soldes go out again"
            )
        )
        #expect(try tenant.statuses(of: id) == [.queued: 3])
        #expect(try desk.json("show Soldes")["status"] == "running")
        for message in try claim() { try record(message, .failed(reason, .undeliverable)) }
        #expect(try tenant.campaigns.completeFinished() == [id])
        try desk.expectRefusal(
            "retry Soldes",
            "3 of Soldes's messages have failed, and none can be retried"
        )
        #expect(try desk.json("show Soldes")["status"] == "failed")
    }

    @Test("A person decides about parked messages; sending them again takes a yes")
    func parked() throws {
        try tenant.addContacts(3)
        let id = try tenant.start()
        for order in ["resend", "resend --yes", "leave"] {
            let words = order.split(separator: " ")
            try desk.expectRefusal(
                ([words[0], "Soldes"] + words.dropFirst()).joined(separator: " "),
                "no message of Soldes is parked: there is nothing to decide"
            )
        }
        try park()
        #expect(try desk.json("show Soldes")["orders"] == ["pause", "stop", "resend", "leave"])
        let asked = try desk.run("resend Soldes")
        #expect(asked.exit == .code(1))
        for words in [
            "3 messages of Soldes are parked", "some people may get them twice",
            "`local-runner campaigns resend \(id) --yes`", "`local-runner campaigns leave \(id)`",
        ] {
            #expect(asked.complaint.contains(words), "\(asked.complaint)")
        }
        #expect(try tenant.statuses(of: id) == [.parked: 3])
        let sent = try desk.run("resend Soldes --yes")
        #expect(sent.output.hasPrefix("3 parked messages of Soldes go out again."))
        #expect(try tenant.statuses(of: id) == [.queued: 3])
        try park()
        let left = "Soldes: 3 parked messages are left and count as failed.\n"
        #expect(try desk.run("leave Soldes").output == left)
        #expect(try tenant.statuses(of: id) == [.failed: 3])
    }

    @Test("A stopped campaign sends no parked message, but one can still leave them")
    func parkedAndStopped() throws {
        try tenant.addContacts(2)
        let id = try tenant.start()
        try park()
        #expect(try desk.run("stop Soldes").exit == .code(0))
        #expect(try desk.json("show Soldes")["orders"] == ["leave", "relaunch"])
        try desk.expectRefusal(
            "resend Soldes --yes",
            "Soldes is stopped and sends nothing more: `local"
        )
        #expect(try desk.run("leave Soldes").exit == .code(0))
        #expect(try tenant.statuses(of: id) == [.failed: 2])
        try desk.expectRefusal(
            "retry Soldes",
            "a campaign that is stopped cannot retry; `local-runner"
        )
    }

    @Test("A relaunched campaign is a draft with an id of its own, started only when told so")
    func relaunch() throws {
        try tenant.addContacts(2)
        let first = try tenant.start()
        let draft = try desk.run("relaunch \(first)")
        let id = String(draft.output.prefix { $0 != " " })
        #expect(
            draft.output == "\(id)  Soldes, a draft: `local-runner campaigns start \(id)`\n"
        )
        let shown = try desk.json("show \(id)")
        #expect(shown["status"] == "draft" && shown["relaunchOf"]?.string == first.description)
        let started = try desk.json("relaunch \(first) --start")
        #expect(started["status"] == "running" && started["count"] == 2)
        #expect(Set([first.description, id, started["id"]?.string ?? ""]).count == 3)
        _ = try tenant.read("UPDATE relais.contact SET opted_in_at = NULL")
        let refused = try desk.run("relaunch \(first) --start")
        #expect(refused.exit == .code(1))
        #expect(refused.output.hasSuffix("  Soldes, a draft\n"))
        #expect(refused.complaint.contains("nobody is left in the audience: 2 no_opt_in; "))
    }

    @Test("A template that was held back is shown, and released by a resume or by itself")
    func heldTemplate() throws {
        try tenant.addContacts(1)
        let form = TemplateForm(
            name: "promo",
            language: "fr",
            category: .marketing,
            body: "Bonjour",
            variables: [],
            status: .approved
        )
        try Templates(tenant.connection, as: tenant.identity).add(form, account: "waba")
        try tenant.start { $0.opening = .template(form.id) }
        let reason = Reason(code: "132015", french: "Modèle en pause.", english: "Paused.")
        var refusal = Verdict(.again(after: .zero, counts: false, reason))
        refusal.template = reason
        try record(AttemptResult(try claim(1)[0], refusal))
        let card = try desk.run("show Soldes").output
        for line in [
            "Soldes  en pause (paused)\n", "  template      promo, fr, paused: Modèle en pause.\n",
            "  reason        [132015] Modèle en pause.\n",
        ] {
            #expect(card.contains(line), "\(card)")
        }
        let copy = try desk.json("relaunch Soldes")["id"]?.string ?? ""
        let release = "once it is right at the provider, `local-runner campaigns release \(copy)`"
        try desk.expectRefusal(
            "start \(copy)",
            "the template promo is paused: only approved templates can be sent; \(release)"
        )
        #expect(try desk.json("show \(copy)")["orders"] == ["schedule", "start", "release"])
        #expect(
            try desk.run("release \(copy)").output == "The template promo may be used again.\n"
        )
        try desk.expectRefusal(
            "release \(copy)",
            "the template promo is approved, not held back: it"
        )
        #expect(try desk.run("start \(copy)").exit == .code(0))
        _ = try tenant.read("UPDATE relais.template SET status = 'paused'")
        let paused = try desk.json("list")["campaigns"]?[1]?["id"]?.string ?? ""
        let resumed = try desk.json("resume \(paused)")
        #expect(resumed["status"] == "running" && resumed["template"]?["status"] == "approved")
        try tenant.draft("Texte")
        try desk.expectRefusal(
            "release Texte",
            "Texte has no template: there is nothing to release"
        )
    }
}

// MARK: - Senders

extension CampaignsCommandTests {
    private var outbox: Outbox {
        Outbox(tenant.connection, workspace: tenant.workspace, channel: tenant.channel.id)
    }

    private func claim(_ limit: Int = 10) throws -> [ClaimedMessage] {
        try outbox.transaction { (transaction) throws(DatabaseError) in
            try outbox.claim(limit: limit, lease: .seconds(60), in: transaction)
        }
    }

    private func record(_ message: ClaimedMessage, _ fate: Verdict.Fate) throws {
        try record(AttemptResult(message, Verdict(fate)))
    }

    private func record(_ result: AttemptResult) throws {
        _ = try outbox.record([result], breaker: Breaker(failures: 0))
    }

    /// A sender dies with everything that is due, and nobody hears of it for too long.
    private func park() throws {
        _ = try claim()
        for state in ["sending", "unknown"] {
            _ = try tenant.read(
                "UPDATE relais.outbox SET lease_until = now() WHERE state = $1",
                .text(state)
            )
            try tenant.settle()
        }
    }
}
