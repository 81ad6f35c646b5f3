import FunctionContract

/// The members of one object of a scenario. A missing member changes nothing. An unknown member or
/// a wrong type is an error that names its place.
struct ScenarioFields {
    let place: String
    private let object: JSONObject

    init(_ json: JSON, at place: String, known: [String]) throws(ScenarioError) {
        guard let object = json.object else {
            throw ScenarioError(Self.head(place) + "expected an object, found \(json.kind)")
        }
        for member in object.members where !known.contains(member.name) {
            throw ScenarioError(
                Self.head(place)
                    + "unknown \"\(member.name)\"; known are \(known.joined(separator: ", "))"
            )
        }
        self.place = place
        self.object = object
    }

    subscript(name: String) -> JSON? {
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    private static func head(_ place: String) -> String { place.isEmpty ? "" : place + ": " }

    func path(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

    func share(_ name: String, _ value: inout Double) throws(ScenarioError) {
        guard let json = self[name] else { return }
        guard let number = json.real, (0...1).contains(number) else {
            throw wrong(name, "a share from 0 to 1", json)
        }
        value = number
    }

    func number(
        _ name: String,
        _ range: ClosedRange<Double>,
        _ value: inout Double
    ) throws(ScenarioError) {
        guard let json = self[name] else { return }
        guard let number = json.real, range.contains(number) else {
            throw wrong(name, "a number from \(range.lowerBound) to \(range.upperBound)", json)
        }
        value = number
    }

    func integer(
        _ name: String,
        _ range: ClosedRange<Int>,
        _ value: inout Int
    ) throws(ScenarioError) {
        guard let number = try integer(name, range) else { return }
        value = number
    }

    func integer(_ name: String, _ range: ClosedRange<Int>) throws(ScenarioError) -> Int? {
        guard let json = self[name] else { return nil }
        guard let number = json.integer, range.contains(number) else {
            throw wrong(name, "a number from \(range.lowerBound) to \(range.upperBound)", json)
        }
        return number
    }

    func flag(_ name: String, _ value: inout Bool) throws(ScenarioError) {
        guard let json = self[name] else { return }
        guard let flag = json.bool else { throw wrong(name, "true or false", json) }
        value = flag
    }

    func string(_ name: String, _ value: inout String) throws(ScenarioError) {
        guard let text = try string(name) else { return }
        value = text
    }

    func string(_ name: String) throws(ScenarioError) -> String? {
        guard let json = self[name] else { return nil }
        guard let text = json.string, !text.isEmpty else { throw wrong(name, "a text", json) }
        return text
    }

    func strings(_ name: String, _ value: inout [String]) throws(ScenarioError) {
        guard let json = self[name] else { return }
        let texts = json.array?.compactMap(\.string) ?? []
        guard !texts.isEmpty, texts.count == json.array?.count else {
            throw wrong(name, "a list of texts", json)
        }
        value = texts
    }

    /// The elements of a list, each with its place.
    func list(_ name: String) throws(ScenarioError) -> [(json: JSON, place: String)]? {
        guard let json = self[name] else { return nil }
        guard let elements = json.array else { throw wrong(name, "a list", json) }
        return elements.enumerated().map { ($0.element, "\(path(name))[\($0.offset)]") }
    }

    func wrong(_ name: String, _ expected: String, _ found: JSON) -> ScenarioError {
        ScenarioError("\(path(name)): expected \(expected), found \(found.text.prefix(60))")
    }
}

extension ScenarioFields {
    /// A number of milliseconds, `{"uniform": [from, to]}` or
    /// `{"lognormal": {"median": …, "sigma": …, "limit": …}}`.
    func delay(_ name: String, _ value: inout Delay) throws(ScenarioError) {
        guard let json = self[name] else { return }
        if let number = json.integer, (0...Delay.longest).contains(number) {
            return value = .fixed(number)
        }
        guard json.object != nil else {
            throw wrong(name, "milliseconds up to an hour, or a distribution", json)
        }
        let fields = try ScenarioFields(json, at: path(name), known: ["uniform", "lognormal"])
        if let bounds = fields["uniform"] {
            guard let from = bounds[0]?.integer, let upTo = bounds[1]?.integer, from >= 0,
                from <= upTo, upTo <= Delay.longest
            else { throw fields.wrong("uniform", "[from, to] in milliseconds", bounds) }
            value = .uniform(from...upTo)
        } else if let part = fields["lognormal"] {
            value = try lognormal(part, at: fields.path("lognormal"))
        }
    }

    private func lognormal(_ json: JSON, at place: String) throws(ScenarioError) -> Delay {
        let fields = try ScenarioFields(json, at: place, known: ["median", "sigma", "limit"])
        var median = 100
        var sigma = 0.5
        var limit = Delay.longest
        try fields.integer("median", 1...Delay.longest, &median)
        try fields.number("sigma", 0...5, &sigma)
        try fields.integer("limit", 1...Delay.longest, &limit)
        return .lognormal(median: median, sigma: sigma, limit: limit)
    }
}

extension JSON {
    /// A number, whole or not.
    var real: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .null, .bool, .string, .array, .object: nil
        }
    }

    /// This value with the members of `patch` merged into it; null removes one (RFC 7396).
    func merging(_ patch: JSON) -> JSON {
        guard let changes = patch.object else { return patch }
        var merged = object ?? JSONObject()
        for change in changes.members {
            if change.value.isNull {
                merged[change.name] = nil
            } else {
                merged[change.name] = (merged[change.name] ?? .null).merging(change.value)
            }
        }
        return .object(merged)
    }
}
