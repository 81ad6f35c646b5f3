import FunctionContract
import Measurement
import Messages

/// Calls of a function of the product, each in a process of its own.
struct ColdFunction: ~Copyable {
    enum Name: String, CaseIterable {
        case inboundWebhook = "inbound-webhook"
        case linkRedirect = "link-redirect"
        case healthCheck = "health-check"
        case processInbound = "process-inbound"
        case sendBatch = "send-batch"
        case verifyNumbers = "verify-numbers"
        case campaignControl = "campaign-control"
        case quotaReset = "quota-reset"
        case recoverStalled = "recover-stalled"
        case cleanUp = "clean-up"

        /// Those that a schedule calls to look for work.
        static let timers: [Name] = [
            .processInbound, .sendBatch, .verifyNumbers, .campaignControl, .quotaReset,
            .recoverStalled, .cleanUp,
        ]
    }

    private let name: Name
    private let tenant: Tenant
    private let start: ColdStart
    /// Holds the event that the function reads.
    private let folder: TemporaryFolder
    private let link: LinkToken?

    init(_ name: Name, in products: String, of tenant: Tenant) throws(Failure) {
        let folder = try TemporaryFolder()
        var command = Command(
            program: "\(products)/\(name.rawValue)",
            environment: tenant.environment
        )
        command.input = "\(folder.path)/event"
        let link = name == .linkRedirect ? try tenant.addLink() : nil
        start = ColdStart(command) { name.isAnswer($0) }
        self.link = link
        self.name = name
        self.tenant = tenant
        self.folder = folder
    }

    /// The median from the start of a process to its reply. Each call finds something new to do
    /// where the function has no other work than that: a webhook to keep, or one to read. Senders
    /// and timers find nothing due: they start, log in and look.
    func milliseconds(_ plan: Plan) throws(Failure) -> Double {
        try start.milliseconds(plan) { (number) throws(Failure) in
            if name == .processInbound { try tenant.keepWebhook(1000 + number) }
            let event = String(decoding: event(number).bytes, as: UTF8.self)
            try folder.write(event, to: "event")
        }
    }

    private func event(_ number: Int) -> Event {
        switch name {
        case .inboundWebhook: .http(webhook(number))
        case .linkRedirect: .http(Self.request("/l/\(link?.text ?? "")"))
        case .healthCheck: .http(Self.request("/api/health"))
        case .processInbound, .sendBatch, .verifyNumbers, .campaignControl, .quotaReset,
            .recoverStalled, .cleanUp:
            .cloud(CloudEvent(id: "1", source: "/bench", type: CloudEvent.scheduleFired))
        }
    }

    private static func request(_ path: String) -> HTTPEvent {
        var event = HTTPEvent()
        event.rawPath = path
        event.headers = ["user-agent": "Mozilla/5.0"]
        return event
    }

    private func webhook(_ number: Int) -> HTTPEvent {
        var event = Self.request("/webhooks/meta/\(tenant.channel)")
        event.requestContext.http.method = "POST"
        let body = Array(Tenant.text(number).body.utf8)
        event.headers["content-type"] = "application/json"
        event.headers["x-hub-signature-256"] = MetaText.signature(
            of: body,
            secret: Tenant.webhookSecret
        )
        event.body = body
        return event
    }
}

extension ColdFunction.Name {
    fileprivate func isAnswer(_ line: String) -> Bool {
        switch self {
        case .inboundWebhook, .healthCheck: line.contains(#""statusCode":200"#)
        case .linkRedirect: line.contains(#""statusCode":302"#)
        case .processInbound:
            line.contains(#""processed":"#) && !line.contains(#""processed":0"#)
        case .sendBatch, .verifyNumbers, .campaignControl, .quotaReset, .recoverStalled, .cleanUp:
            line.contains(#""processed":"#)
        }
    }
}
