import FunctionContract
import HTTPServer

// The platform itself answers paths that start with `/_`. Health and readiness are public, as
// single words. Everything else is for operators: through their own socket, or through the public
// port with the token. A proxy in front of the public port changes nothing.

extension Gateway {
    func answerPublicly(_ pending: Pending) {
        if answersAnybody(pending) { return }
        if isOperator(pending.exchange.request) { return answerOperator(pending) }
        guard let operatorToken, pending.exchange.request.headers["authorization"] != nil,
            !operatorToken.isEmpty
        else { return refusePath(pending) }
        let message = "the token is not that of RELAIS_OPERATOR_TOKEN"
        finish(pending, .error(401, "unauthorized", message), function: nil)
    }

    func answerOperator(_ pending: Pending) {
        if answersAnybody(pending) { return }
        if pending.path.hasPrefix(Self.invokePrefix) { return invokeDirectly(pending) }
        switch pending.path {
        case "/_metrics" where isRead(pending):
            var reply = HTTPReply.text(metrics.exposition(platform))
            reply.headers["content-type"] = "text/plain; version=0.0.4; charset=utf-8"
            finish(pending, reply, function: nil)
        case "/_status" where isRead(pending): tellStatus(pending)
        case "/_metrics", "/_status": refuseMethod(pending, allowed: ["GET", "HEAD"])
        default:
            let message = "there are /_health, /_ready, /_metrics, /_status and /_invoke/<function>"
            finish(pending, .error(404, "not_found", message), function: nil)
        }
    }

    /// The longest body of an operator's request; nil when the body is not read.
    func operatorBodyLimit(_ request: HTTPRequest) -> Int? {
        request.path.hasPrefix(Self.invokePrefix) && request.method == "POST"
            ? Limits.bodyBytes : nil
    }

    /// Whether the request carries the operator token.
    func isOperator(_ request: HTTPRequest) -> Bool {
        guard let operatorToken, !operatorToken.isEmpty,
            let given = request.headers["authorization"]
        else { return false }
        return ConstantTime.equal(given, "Bearer \(operatorToken)")
    }

    private func answersAnybody(_ pending: Pending) -> Bool {
        switch pending.path {
        case "/_health" where isRead(pending): finish(pending, .text("ok\n"), function: nil)
        case "/_ready" where isRead(pending):
            let reply =
                platform.isDraining
                ? HTTPReply.error(503, "draining", "the platform is shutting down")
                : .text("ready\n")
            finish(pending, reply, function: nil)
        case "/_health", "/_ready": refuseMethod(pending, allowed: ["GET", "HEAD"])
        default: return false
        }
        return true
    }

    private func isRead(_ pending: Pending) -> Bool {
        ["GET", "HEAD"].contains(pending.exchange.request.method)
    }

    /// Answers with the status of the platform: the runner's own figures and those of the database.
    private func tellStatus(_ pending: Pending) {
        guard let triggers = platform.triggers else {
            return finish(pending, .json(status(.notConfigured)), function: nil)
        }
        triggers.askHealth { [unowned self] answer in
            let status =
                switch answer {
                case .success(let health): status(.reached(health))
                case .failure(let error): status(.outOfReach(error.message))
                }
            finish(pending, .json(status), function: nil)
        }
    }

    private enum Database {
        case notConfigured
        case outOfReach(String)
        case reached(JSON)
    }

    private func status(_ database: Database) -> JSON {
        let (word, details, complaints): (JSON, JSON, JSON) =
            switch database {
            case .notConfigured: ("ok", ["status": "not configured"], [])
            case .outOfReach(let problem):
                ("down", ["status": "out of reach"], [.string("database: \(problem)")])
            case .reached(let health):
                (
                    health["status"] ?? .null, health["database"] ?? .null,
                    health["complaints"] ?? .null
                )
            }
        return [
            "status": word, "version": .string(productVersion),
            "startedAt": .string(metrics.startedAt.rfc3339),
            "uptimeSeconds": .integer(metrics.uptimeSeconds), "database": details,
            "complaints": complaints,
        ]
    }
}
