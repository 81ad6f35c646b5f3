internal import Accounts
internal import Campaigns
internal import FunctionContract
internal import HTTPClient
internal import Providers

/// Between what is to be said and what goes over the wire.
enum Wire {
    /// The request that sends the message.
    static func request(
        for message: ClaimedMessage,
        on lane: Lane,
        _ limits: SendLimits
    ) throws(ProviderError) -> OutboundRequest {
        let form = message.template.flatMap { lane.templates[$0] }
        guard let outbound = message.outbound(form) else {
            throw .invalid(field: "template", reason: "it is not there any more")
        }
        let request = try lane.channel.provider.request(for: .send(outbound), through: lane.access)
        return Self.outbound(request, within: limits.answer)
    }

    static func outbound(_ request: ProviderRequest, within time: Duration) -> OutboundRequest {
        var outbound = OutboundRequest(
            OutboundRequest.Method(request.method),
            request.url,
            headers: request.headers.fields.map { OutboundHeader($0.name, $0.value) },
            body: request.body ?? []
        )
        outbound.limits.total = time
        return outbound
    }

    static func result(_ outcome: OutboundOutcome) -> TransportResult {
        switch outcome {
        case .notSent(let failure): return .notSent(failure.message)
        case .unknown(let failure): return .lost(failure.message)
        case .response(let response):
            var headers = HTTPFields()
            for header in response.headers { headers.add(header.name.lowercased(), header.value) }
            return .reply(
                ProviderReply(status: response.status, headers: headers, body: response.body)
            )
        }
    }

    /// What the outcome of a request means for its message.
    static func verdict(
        _ outcome: OutboundOutcome,
        for message: ClaimedMessage,
        by provider: Provider,
        now: Timestamp
    ) -> Verdict {
        switch outcome {
        case .notSent(let failure) where failure.reason == .deadlinePassed:
            return Verdict(releasing: message)
        case .notSent(let failure) where failure.reason == .invalidRequest:
            return Verdict(refusing: message, because: .invalid(failure.message))
        case .notSent, .unknown, .response:
            return Verdict(provider.outcome(of: result(outcome), now: now), for: message)
        }
    }
}

extension OutboundRequest.Method {
    fileprivate init(_ method: ProviderRequest.Method) {
        self =
            switch method {
            case .get: .get
            case .post: .post
            case .put: .put
            case .delete: .delete
            }
    }
}

extension Reason {
    /// For a message that its provider would not take as it is.
    static func invalid(_ detail: String) -> Reason {
        Reason(
            code: "invalid",
            detail: detail,
            french: "Ce message ne peut pas être envoyé tel quel. Corrigez-le d'après le détail.",
            english: "This message cannot be sent as it is. Correct it as the detail says."
        )
    }
}
