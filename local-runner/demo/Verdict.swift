import Providers

/// Compares the database with the simulator's ledger.
struct Verdict {
    private let figures: Figures
    private let contacts: Int
    private let hasReceipts: Bool
    private let ledger: Ledger
    private let webhooks: Simulator.Webhooks

    init(
        _ figures: Figures,
        _ options: DemoOptions,
        _ ledger: Ledger,
        _ webhooks: Simulator.Webhooks
    ) {
        self.figures = figures
        self.ledger = ledger
        self.webhooks = webhooks
        contacts = options.contacts
        hasReceipts = options.provider.capabilities.contains(.receipts)
    }

    /// The differences, as sentences; empty when there are none.
    var problems: [String] {
        var problems: [String] = []
        let (first, second) = (figures.first, figures.second)
        if first.total != contacts {
            problems.append("\(contacts) contacts, but \(first.total) are in the campaign.")
        }
        if figures.queued > 0 {
            problems.append(
                "\(figures.queued) messages are still queued: the log of infra/up may say why."
            )
        }
        if ledger.duplicates > 0 {
            problems.append("\(ledger.duplicates) messages went out more than once.")
        }
        let mayHaveGone = figures.sent...(figures.sent + figures.unknown)
        if !mayHaveGone.contains(ledger.taken) {
            problems.append(
                "\(figures.sent) messages are recorded as sent and \(figures.unknown) as unknown, "
                    + "but the simulator took \(ledger.taken)."
            )
        }
        if hasReceipts, first.sent > 0, first.delivered + first.failed == 0 {
            problems.append(
                "No receipt has arrived (\(webhooks.failedTries) tries failed): does the simulator "
                    + "run with the platform's address as --webhook-base?"
            )
        }
        if second.total > figures.replied {
            problems.append("\(second.total) got Message 2, but \(figures.replied) replied.")
        }
        return problems
    }

    func summary(after elapsed: Duration) -> String {
        var lines = [
            "",
            "\(contacts) contacts in \(Int((elapsed / .seconds(1)).rounded())) s",
            Self.line("Message 1", figures.first),
            "  replied    \(figures.replied)",
            Self.line("Message 2", figures.second),
            "  opted out  \(figures.farewells.total)",
        ]
        for failure in figures.failures.sorted(by: { $0.value > $1.value }) {
            lines.append("  failed     \(failure.value) × \(failure.key)")
        }
        lines.append(
            "  simulator  \(ledger.requests) requests, \(ledger.taken) messages taken, "
                + "\(ledger.duplicates) twice"
        )
        return lines.joined(separator: "\n")
    }

    private static func line(_ name: String, _ step: Figures.Step) -> String {
        "  \(name)  \(step.sent) sent, \(step.delivered) delivered, \(step.read) read, "
            + "\(step.failed) failed" + (step.unknown > 0 ? ", \(step.unknown) unknown" : "")
            + (step.queued > 0 ? ", \(step.queued) still queued" : "")
    }
}
