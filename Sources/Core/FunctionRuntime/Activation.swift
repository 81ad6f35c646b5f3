internal import FunctionContract
internal import Glibc

/// One line of OpenWhisk's ActionLoop: the parameters of a call under `value`, and facts about the
/// call in the other members.
struct Activation {
    private let json: JSON

    init(_ json: JSON) {
        self.json = json
    }

    var id: String? { json["activation_id"]?.string }

    var deadline: Timestamp? {
        let deadline = json["deadline"]
        let milliseconds = deadline?.integer ?? deadline?.string.flatMap { Int($0) }
        return milliseconds.map { Timestamp(milliseconds: Int64($0)) }
    }

    /// Sets the members of the activation as `__OW_…` variables, as the platform requires.
    func export() {
        for member in json.object?.members ?? [] where member.name != "value" {
            let text = member.value.string ?? member.value.text
            unsafe setenv("__OW_\(member.name.uppercased())", text, 1)
        }
    }

    /// The event of this activation. A Relais event is taken unchanged, and a web action becomes
    /// its HTTP request. Plain parameters become the JSON body of a POST.
    func event(at time: Timestamp) throws(ContractError) -> Event {
        guard let value = json["value"], value.object != nil else {
            throw ContractError("activation.value: expected an object")
        }
        if value["__ow_method"] != nil { return .http(request(value, time)) }
        if value["specversion"] != nil || value["requestContext"] != nil {
            return try Event(json: value)
        }
        return .http(
            HTTPEvent(
                method: "POST",
                path: "/",
                query: "",
                headers: ["content-type": "application/json"],
                body: value.bytes,
                requestID: id ?? "",
                time: time
            )
        )
    }

    private func request(_ value: JSON, _ time: Timestamp) -> HTTPEvent {
        let method = value["__ow_method"]?.string?.uppercased() ?? "POST"
        let path = value["__ow_path"]?.string ?? ""
        var headers = HTTPFields()
        for member in value["__ow_headers"]?.object?.members ?? [] {
            headers.add(member.name.lowercased(), member.value.string ?? member.value.text)
        }
        var query = value["__ow_query"]?.string ?? ""
        var body: [UInt8]?
        if let text = value["__ow_body"]?.string {
            body = Self.bytes(ofBody: text, headers["content-type"])
        } else if let parameters = Self.parameters(value) {
            if Self.methodsWithBody.contains(method) {
                headers["content-type"] = "application/json"
                body = JSON.object(parameters).bytes
            } else {
                query = Self.query(parameters)
            }
        }
        return HTTPEvent(
            method: method,
            path: path.isEmpty ? "/" : path,
            query: query,
            headers: headers,
            body: body.flatMap { $0.isEmpty ? nil : $0 },
            requestID: id ?? "",
            time: time
        )
    }
}

// MARK: - Bodies and queries of web actions

extension Activation {
    /// Whether the platform passes a body of this content type as plain text.
    static func isText(_ contentType: String?) -> Bool {
        guard let type = contentType?.lowercased() else { return false }
        return type.hasPrefix("text/") || type.hasPrefix("application/x-www-form-urlencoded")
            || type.hasPrefix("application/xml") || type.hasPrefix("application/javascript")
    }

    static func isJSON(_ contentType: String?) -> Bool {
        contentType?.lowercased().hasPrefix("application/json") == true
    }

    /// Text arrives unchanged; JSON and binary bodies arrive in base64.
    private static func bytes(ofBody text: String, _ contentType: String?) -> [UInt8] {
        if isText(contentType) { return Array(text.utf8) }
        return Base64.decode(text) ?? Array(text.utf8)
    }

    private static let methodsWithBody: Set = ["POST", "PUT", "PATCH"]

    /// Unless an action is "raw", the platform merges query, form and JSON body into parameters.
    private static func parameters(_ value: JSON) -> JSONObject? {
        let members = value.object?.members.filter { !$0.name.hasPrefix("__ow_") } ?? []
        return members.isEmpty ? nil : JSONObject(members)
    }

    private static func query(_ parameters: JSONObject) -> String {
        parameters.members.map { member in
            let text = member.value.string ?? member.value.text
            return "\(PercentEncoding.encode(member.name))=\(PercentEncoding.encode(text))"
        }.joined(separator: "&")
    }
}
