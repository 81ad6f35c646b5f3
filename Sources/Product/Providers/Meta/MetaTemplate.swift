import FunctionContract

extension TemplateMessage {
    /// The notation of the Cloud API, which other services have adopted.
    var metaComponents: [JSON] {
        get throws(ProviderError) {
            var components: [JSON] = []
            if let header {
                components.append(
                    ["type": "header", "parameters": [try Self.parameter(of: header)]])
            }
            if !body.isEmpty {
                var parameters: [JSON] = []
                for (place, value) in body.enumerated() {
                    parameters.append(try Self.parameter(value, place + 1))
                }
                components.append(["type": "body", "parameters": .array(parameters)])
            }
            for button in buttons { components.append(try Self.component(button)) }
            return components
        }
    }

    var metaJSON: JSON {
        get throws(ProviderError) {
            let components = try metaComponents
            return members(
                ("name", .string(try TemplateName(name).text)),
                ("language", ["code": .string(language), "policy": "deterministic"]),
                ("components", components.isEmpty ? nil : .array(components))
            )
        }
    }

    private static func parameter(of header: Header) throws(ProviderError) -> JSON {
        switch header {
        case .text(let value): return try parameter(value, 1)
        case .media(let media):
            let kind = media.kind.rawValue
            return ["type": .string(kind), kind: try media.checkedHeader().metaJSON]
        case .location(let place):
            let location = members(
                ("latitude", .number(place.latitude)),
                ("longitude", .number(place.longitude)),
                ("name", .text(place.name)),
                ("address", .text(place.address))
            )
            return ["type": "location", "location": location]
        }
    }

    private static func parameter(
        _ value: Parameter,
        _ place: Int
    ) throws(ProviderError) -> JSON {
        members(
            ("type", "text"),
            ("parameter_name", .text(value.name)),
            ("text", .string(try value.value(place)))
        )
    }

    private static func component(_ button: Button) throws(ProviderError) -> JSON {
        let (subtype, index, value, type, name): (JSON, Int, String, JSON, String) =
            switch button {
            case .quickReply(let index, let payload):
                ("quick_reply", index, payload, "payload", "payload")
            case .url(let index, let suffix): ("url", index, suffix, "text", "text")
            case .copyCode(let index, let code):
                ("copy_code", index, code, "coupon_code", "coupon_code")
            }
        let checked = try value.checked("button \(index)", atMost: MessageLimits.templateButton)
        let parameter = JSON.object(JSONObject([("type", type), (name, .string(checked))]))
        return [
            "type": "button", "sub_type": subtype, "index": .string(String(index)),
            "parameters": [parameter],
        ]
    }
}

/// The name of a template: lower-case letters, digits and underscores, 1 to 512 of them.
struct TemplateName {
    let text: String

    init(_ text: String) throws(ProviderError) {
        let isName = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "_")
        }
        self.text = try text.checked("template name", atMost: 512)
        if !isName {
            throw .invalid(field: "template name", reason: "only a–z, 0–9 and _ are allowed")
        }
    }
}

extension TemplateDefinition {
    var metaJSON: JSON {
        get throws(ProviderError) {
            try checkVariables()
            return members(
                ("name", .string(try TemplateName(name).text)),
                ("language", .string(language)),
                ("category", .string(category.rawValue)),
                ("parameter_format", usesNamedParameters ? "NAMED" : "POSITIONAL"),
                ("components", .array(try components.checked("components", atMost: 5)))
            )
        }
    }

    /// Meta refuses a body that begins or ends with a variable (2388299). This check saves the
    /// author a day of waiting for the review.
    private func checkVariables() throws(ProviderError) {
        for component in components where component["type"]?.asText?.uppercased() == "BODY" {
            let text = component["text"]?.asText ?? ""
            let words = text.filter { !$0.isWhitespace }
            if words.hasPrefix("{{") || words.hasSuffix("}}") {
                throw .invalid(
                    field: "template body",
                    reason: "it may not begin or end with a variable"
                )
            }
        }
    }
}
