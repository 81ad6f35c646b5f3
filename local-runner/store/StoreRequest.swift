import FunctionContract

/// The parameters of a question to the store.
struct StoreRequest {
    private let body: JSON
    private let query: [String: String]

    init(_ event: HTTPEvent) {
        body = (try? event.json()) ?? .null
        query = event.queryStringParameters
    }

    func text(_ name: String) throws(Rejection) -> String {
        guard let text = body[name]?.string else { throw .badRequest("\(name): expected a string") }
        return text
    }

    func integer(_ name: String) throws(Rejection) -> Int {
        guard let integer = body[name]?.integer else {
            throw .badRequest("\(name): expected a number")
        }
        return integer
    }

    func optionalText(_ name: String) -> String? { body[name]?.string }

    func objects(_ name: String) throws(Rejection) -> [StoreRequest] {
        guard let elements = body[name]?.array else {
            throw .badRequest("\(name): expected an array")
        }
        return elements.map(StoreRequest.init(body:))
    }

    func strings(_ name: String) throws(Rejection) -> [String] {
        guard let elements = body[name]?.array else {
            throw .badRequest("\(name): expected an array of strings")
        }
        return elements.compactMap(\.string)
    }

    func flag(_ name: String) -> Bool { body[name]?.bool ?? false }

    func parameter(_ name: String) -> String? { query[name] }

    private init(body: JSON) {
        self.body = body
        query = [:]
    }
}
