import FunctionContract

/// The parameters of a request to the store.
struct StoreRequest {
    private let body: JSON
    private let query: [String: String]

    init(_ event: HTTPEvent) throws(Rejection) {
        query = event.queryStringParameters
        guard event.body?.isEmpty == false else {
            body = .null
            return
        }
        do {
            body = try event.json()
        } catch {
            throw .badRequest("the body is no JSON: \(error.message)")
        }
    }

    private init(body: JSON) {
        self.body = body
        query = [:]
    }

    func text(_ name: String) throws(Rejection) -> String {
        guard let text = body[name]?.string, !text.isEmpty else {
            throw .badRequest("\(name): expected a string that is not empty")
        }
        return text
    }

    /// Nil when it is missing or null.
    func optionalText(_ name: String) throws(Rejection) -> String? {
        guard let value = body[name], !value.isNull else { return nil }
        guard let text = value.string else { throw .badRequest("\(name): expected a string") }
        return text
    }

    func integer(_ name: String, _ range: ClosedRange<Int>) throws(Rejection) -> Int {
        guard let integer = body[name]?.integer, range.contains(integer) else {
            throw .badRequest(
                "\(name): expected a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return integer
    }

    /// Nil when it is missing or null.
    func optionalInteger(
        _ name: String,
        _ range: ClosedRange<Int>
    ) throws(Rejection) -> Int? {
        guard let value = body[name], !value.isNull else { return nil }
        return try integer(name, range)
    }

    /// False when it is missing.
    func flag(_ name: String) throws(Rejection) -> Bool {
        guard let value = body[name] else { return false }
        guard let flag = value.bool else { throw .badRequest("\(name): expected true or false") }
        return flag
    }

    func objects(_ name: String) throws(Rejection) -> [StoreRequest] {
        guard let elements = body[name]?.array, elements.allSatisfy({ $0.object != nil }) else {
            throw .badRequest("\(name): expected an array of objects")
        }
        return elements.map(StoreRequest.init(body:))
    }

    func strings(_ name: String) throws(Rejection) -> [String] {
        let elements = body[name]?.array
        guard let elements, case let strings = elements.compactMap(\.string),
            strings.count == elements.count
        else { throw .badRequest("\(name): expected an array of strings") }
        return strings
    }

    func parameter(_ name: String) -> String? { query[name] }
}
