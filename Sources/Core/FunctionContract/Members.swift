/// The members of a JSON object, with a name for error messages. Absent and null members are nil. A
/// wrong type throws an error with the place and the expected type.
struct Members {
    let place: String
    private let object: JSONObject

    init(_ json: JSON?, of place: String) {
        self.place = place
        object = json?.object ?? JSONObject()
    }

    subscript(name: String) -> JSON? {
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    func string(_ name: String) throws(ContractError) -> String? {
        guard let value = self[name] else { return nil }
        guard let string = value.string else { throw wrong(name, "a string", value) }
        return string
    }

    func bool(_ name: String) throws(ContractError) -> Bool? {
        guard let value = self[name] else { return nil }
        guard let bool = value.bool else { throw wrong(name, "true or false", value) }
        return bool
    }

    func integer(_ name: String) throws(ContractError) -> Int? {
        guard let value = self[name] else { return nil }
        guard let integer = value.integer else { throw wrong(name, "a whole number", value) }
        return integer
    }

    func strings(_ name: String) throws(ContractError) -> [String] {
        guard let value = self[name] else { return [] }
        guard let elements = value.array else { throw wrong(name, "an array of strings", value) }
        var strings: [String] = []
        for element in elements {
            guard let string = element.string else { throw wrong(name, "strings only", element) }
            strings.append(string)
        }
        return strings
    }

    func pairs(_ name: String) throws(ContractError) -> [(name: String, value: String)] {
        guard let value = self[name] else { return [] }
        guard let object = value.object else { throw wrong(name, "an object of strings", value) }
        var pairs: [(name: String, value: String)] = []
        for member in object.members {
            switch member.value {
            case .string(let text): pairs.append((member.name, text))
            case .integer, .number, .bool: pairs.append((member.name, member.value.text))
            case .null: continue
            case .array, .object: throw wrong("\(name).\(member.name)", "a string", member.value)
            }
        }
        return pairs
    }

    func map(_ name: String) throws(ContractError) -> [String: String] {
        Dictionary(try pairs(name).map { ($0.name, $0.value) }) { _, last in last }
    }

    func members(_ name: String) throws(ContractError) -> Members {
        let value = self[name]
        if let value, value.object == nil { throw wrong(name, "an object", value) }
        return Members(value, of: "\(place).\(name)")
    }

    private func wrong(_ name: String, _ expected: String, _ found: JSON) -> ContractError {
        ContractError("\(place).\(name): expected \(expected), found \(found.kind)")
    }
}
