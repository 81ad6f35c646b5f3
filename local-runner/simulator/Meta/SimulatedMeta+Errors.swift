import FunctionContract

extension SimulatedMeta {
    static func refusal(_ refusal: Refusal) -> Answer {
        switch refusal {
        case .unauthorized: error(190, detail: "Invalid OAuth access token.")
        case .malformed(let reason): error(100, detail: reason)
        case .missing(let name):
            error(100, detail: "The parameter \(name) is required.")
        case .invalid(let name, let reason):
            error(131_009, detail: "Parameter \(name) is not valid: \(reason).")
        case .notFound(let what):
            error(
                100,
                subcode: 33,
                detail: "Unsupported request. '\(what)' does not exist or is not visible."
            )
        case .absent: error(131_026, detail: "Message undeliverable.")
        case .tooFast: error(130_429, detail: "Cloud API message throughput has been reached.")
        case .tooFastForRecipient:
            error(131_056, detail: "Too many messages to this recipient in a short time.")
        case .templateMissing(let name):
            error(132_001, detail: "Template name (\(name)) does not exist in the translation")
        case .templateParameters(let expected, let found):
            error(
                132_000,
                detail: "body: number of localizable_params (\(found)) does not match the expected"
                    + " number of params (\(expected))"
            )
        case .scripted(let rule): scripted(rule)
        case .full: error(131_016, detail: "The simulator keeps no more sends: reset it.")
        }
    }

    private static func scripted(_ rule: ErrorRule) -> Answer {
        error(rule.code ?? 131_000, status: rule.status, detail: rule.message)
            .with("retry-after", rule.retryAfterSeconds)
    }

    /// Meta's error envelope.
    static func error(
        _ code: Int,
        subcode: Int? = nil,
        status: Int? = nil,
        detail: String? = nil
    ) -> Answer {
        let title = title(of: code)
        var error = JSONObject([
            ("message", .string("(#\(code)) \(title)")), ("type", "OAuthException"),
            ("code", .integer(code)),
        ])
        if let subcode { error["error_subcode"] = .integer(subcode) }
        error["error_data"] = [
            "messaging_product": "whatsapp", "details": .string(detail ?? title),
        ]
        error["fbtrace_id"] = "Az8or2yhqkZfEZ-simulated"
        return Answer(status ?? self.status(of: code), ["error": .object(error)])
    }

    static func title(of code: Int) -> String {
        switch code {
        case 4: "Application request limit reached"
        case 100: "Invalid parameter"
        case 190: "Access token has expired"
        case 368: "Temporarily blocked for policies violations"
        case 80_007: "Rate limit hit"
        case 130_429: "Rate limit hit"
        case 130_472: "User's number is part of an experiment"
        case 131_000: "Something went wrong"
        case 131_008: "Required parameter is missing"
        case 131_009: "Parameter value is not valid"
        case 131_016: "Service unavailable"
        case 131_021: "Recipient cannot be sender"
        case 131_026: "Message undeliverable"
        case 131_031: "Account has been locked"
        case 131_042: "Business eligibility payment issue"
        case 131_047: "Re-engagement message"
        case 131_048: "Spam rate limit hit"
        case 131_049: "Meta chose not to deliver this message"
        case 131_050: "User has stopped marketing messages from this business"
        case 131_053: "Media upload error"
        case 131_056: "(Business Account, Consumer Account) pair rate limit hit"
        case 131_057: "Account in maintenance mode"
        case 132_000: "Number of parameters does not match the expected number of params"
        case 132_001: "Template name does not exist in the translation"
        case 132_015: "Template is paused"
        case 132_016: "Template is disabled"
        case 133_010: "Phone number not registered"
        default: "An error occurred"
        }
    }

    private static func status(of code: Int) -> Int {
        switch code {
        case 0, 190: 401
        case 3, 131_000, 131_045, 131_057, 133_000: 500
        case 10, 200...299, 368, 130_497, 131_005, 131_031: 403
        case 2, 131_016, 133_004: 503
        case 4, 80_007, 130_429, 131_048, 131_056: 429
        case 132_001: 404
        default: 400
        }
    }
}
