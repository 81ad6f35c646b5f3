package import Database
package import FunctionContract
package import Providers

/// A template that campaigns fill with values.
package struct TemplateForm: Sendable, Equatable {
    package enum Status: String, CaseIterable, Sendable {
        case draft, pending, approved, rejected, paused, disabled
    }

    /// Where in the template a variable is.
    package enum Place: String, CaseIterable, Sendable {
        case headerText = "header_text"
        case headerImage = "header_image"
        case headerVideo = "header_video"
        case headerDocument = "header_document"
        case body
        case buttonURL = "button_url"
        case buttonPayload = "button_payload"
        case buttonCode = "button_code"
    }

    package struct Variable: Sendable, Equatable {
        package let place: Place
        /// The button's index, from 0.
        package let index: Int
        /// `1`, `2` and so on, or a name if the template uses names.
        package let name: String
        /// The button's address, with the variable at its end: `https://example.com/{{1}}`.
        package let address: String?

        package init(_ place: Place, index: Int = 0, name: String, address: String? = nil) {
            self.place = place
            self.index = index
            self.name = name
            self.address = address
        }

        /// The part of its button's address before the variable.
        package var addressBase: String? {
            address.flatMap { address in
                address.firstRange(of: "{{").map { String(address[..<$0.lowerBound]) }
            }
        }

        /// Nil for a positional variable: providers get the names of named variables only.
        fileprivate var parameterName: String? { Int(name) == nil ? name : nil }
    }

    package let id: UUID
    /// The provider's id: Meta's number, Twilio's Content SID.
    package var externalID: String?
    package var name: String
    package var language: String
    package var category: TemplateDefinition.Category
    package var body: String
    package var variables: [Variable]
    package var status: Status

    package init(
        id: UUID = .v7(),
        externalID: String? = nil,
        name: String,
        language: String,
        category: TemplateDefinition.Category,
        body: String,
        variables: [Variable],
        status: Status
    ) {
        self.id = id
        self.externalID = externalID
        self.name = name
        self.language = language
        self.category = category
        self.body = body
        self.variables = variables
        self.status = status
    }

    /// The message with these values, which must be in the order of `variables`.
    package func message(_ values: [String]) -> TemplateMessage {
        var message = TemplateMessage(
            id: externalID,
            name: name,
            language: language,
            category: category
        )
        for (variable, value) in zip(variables, values) {
            switch variable.place {
            case .headerText: message.header = .text(parameter(variable, value))
            case .headerImage: message.header = .media(OutboundMedia(.image, .link(value)))
            case .headerVideo: message.header = .media(OutboundMedia(.video, .link(value)))
            case .headerDocument: message.header = .media(OutboundMedia(.document, .link(value)))
            case .body: message.body.append(parameter(variable, value))
            case .buttonURL: message.buttons.append(.url(index: variable.index, suffix: value))
            case .buttonPayload:
                message.buttons.append(.quickReply(index: variable.index, payload: value))
            case .buttonCode: message.buttons.append(.copyCode(index: variable.index, code: value))
            }
        }
        return message
    }

    private func parameter(_ variable: Variable, _ value: String) -> TemplateMessage.Parameter {
        TemplateMessage.Parameter(value, name: variable.parameterName)
    }
}

extension TemplateForm {
    package static let columns =
        "id, external_id, name, language, category, body, variables, status"

    package init(_ row: Row) throws(DatabaseError) {
        let category: String = try row.get("category")
        self.init(
            id: try row.get("id"),
            externalID: try row.get("external_id"),
            name: try row.get("name"),
            language: try row.get("language"),
            category: TemplateDefinition.Category(rawValue: category) ?? .marketing,
            body: try row.get("body"),
            variables: Self.variables(in: try row.get("variables")),
            status: Status(rawValue: try row.get("status")) ?? .disabled
        )
    }

    /// The stored form: JSON.
    package var storedVariables: String {
        JSON.array(
            variables.map { variable in
                var object = JSONObject([
                    ("place", .string(variable.place.rawValue)),
                    ("index", .integer(variable.index)), ("name", .string(variable.name)),
                ])
                object["address"] = variable.address.map { .string($0) }
                return .object(object)
            }
        ).text
    }

    private static func variables(in text: String) -> [Variable] {
        let elements = (try? JSONParser.parse(Array(text.utf8)))?.array ?? []
        return elements.compactMap { element in
            guard let place = element["place"]?.string.flatMap(Place.init(rawValue:)),
                let name = element["name"]?.string
            else { return nil }
            return Variable(
                place,
                index: element["index"]?.integer ?? 0,
                name: name,
                address: element["address"]?.string
            )
        }
    }
}
