import FunctionContract
import Measurement
import Messages
import Security

/// One call of a function of the product, in a process of its own.
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
    }

    private let start: ColdStart
    /// Holds the event that the function reads.
    private let folder: TemporaryFolder

    init(_ name: Name, in products: String, of tenant: Tenant) throws(Failure) {
        let folder = try TemporaryFolder()
        var command = Command(
            program: "\(products)/\(name.rawValue)",
            environment: tenant.environment
        )
        let event = String(decoding: name.event(for: tenant).bytes, as: UTF8.self)
        command.input = try folder.write(event, to: "event")
        start = ColdStart(command) { name.isAnswer($0) }
        self.folder = folder
    }

    func milliseconds(_ plan: Plan) throws(Failure) -> Double {
        try start.milliseconds(plan)
    }
}

extension ColdFunction.Name {
    fileprivate func event(for tenant: Tenant) -> Event {
        switch self {
        case .inboundWebhook: .http(Self.webhook(for: tenant))
        case .linkRedirect:
            .http(Self.request("/l/\(LinkToken(message: .v7(), position: 0).text)"))
        case .healthCheck: .http(Self.request("/api/health"))
        case .processInbound, .sendBatch, .verifyNumbers, .campaignControl, .quotaReset,
            .recoverStalled, .cleanUp:
            .cloud(CloudEvent(id: "1", source: "/bench", type: CloudEvent.scheduleFired))
        }
    }

    /// A link that nobody made costs what one costs that leads somewhere.
    fileprivate func isAnswer(_ line: String) -> Bool {
        switch self {
        case .inboundWebhook, .healthCheck: line.contains(#""statusCode":200"#)
        case .linkRedirect: line.contains(#""statusCode":404"#)
        case .processInbound, .sendBatch, .verifyNumbers, .campaignControl, .quotaReset,
            .recoverStalled, .cleanUp:
            line.contains(#""processed":"#)
        }
    }

    private static func request(_ path: String) -> HTTPEvent {
        var event = HTTPEvent()
        event.rawPath = path
        event.headers = ["user-agent": "Mozilla/5.0"]
        return event
    }

    private static func webhook(for tenant: Tenant) -> HTTPEvent {
        var event = request("/webhooks/meta/\(tenant.channel)")
        event.requestContext.http.method = "POST"
        let body = Array(#"{"object":"whatsapp_business_account","entry":[]}"#.utf8)
        let code = HMAC.sha256(key: Array(Tenant.webhookSecret.utf8), message: body)
        event.headers["content-type"] = "application/json"
        event.headers["x-hub-signature-256"] = "sha256=" + Base16.encode(code)
        event.body = body
        return event
    }
}
