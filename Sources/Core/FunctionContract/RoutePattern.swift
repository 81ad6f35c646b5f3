/// A method and a path with `{parameters}`: `POST /webhooks/{provider}/{channel}`. A last segment
/// `{name+}` matches the rest of the path.
package struct RoutePattern: Equatable, Sendable {
    package enum Segment: Equatable, Sendable {
        case literal(String)
        case parameter(String)
        case rest(String)
    }

    package enum Method: String, CaseIterable, Sendable {
        case any = "ANY"
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
        case options = "OPTIONS"
    }

    package let method: Method
    package let path: String
    package let segments: [Segment]
    /// The name of the route in functions, logs and metrics.
    package let key: String

    package static let methods = Method.allCases.map(\.rawValue)

    /// Parses a route as written in a manifest.
    package init(method: String, path: String) throws(ContractError) {
        guard let method = Method(rawValue: method) else {
            throw ContractError("expected one of \(Self.methods.joined(separator: ", "))")
        }
        try self.init(method, path)
    }

    package init(_ method: Method, _ path: String) throws(ContractError) {
        guard path.hasPrefix("/") else {
            throw ContractError("expected a path that starts with \"/\"")
        }
        guard path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"?#".utf8.contains($0) }) else {
            throw ContractError("expected a path in ASCII without query, fragment or spaces")
        }
        self.method = method
        self.path = path
        key = "\(method.rawValue) \(path)"
        var segments: [Segment] = []
        for text in Self.split(path) {
            if case .rest = segments.last {
                throw ContractError("expected nothing after {name+} in \"\(path)\"")
            }
            segments.append(try Self.segment(text, of: path))
        }
        self.segments = segments
        let names = parameterNames
        guard Set(names).count == names.count else {
            throw ContractError("expected each {name} once in \"\(path)\"")
        }
    }

    /// Matches the segments of a path and returns its parameters, percent-decoded. Nil when the
    /// path does not match.
    package func match(_ path: [Substring]) -> [String: String]? {
        var parameters: [String: String] = [:]
        for (index, segment) in segments.enumerated() {
            guard index < path.count else { return nil }
            switch segment {
            case .literal(let text) where text == path[index]: continue
            case .parameter(let name) where !path[index].isEmpty:
                parameters[name] = PercentEncoding.decode(path[index])
            case .rest(let name) where path[index...] != [""]:
                parameters[name] = PercentEncoding.decode(path[index...].joined(separator: "/"))
                return parameters
            case .literal, .parameter, .rest: return nil
            }
        }
        return segments.count == path.count ? parameters : nil
    }

    /// The names of the parameters that `match` returns.
    package var parameterNames: [String] { segments.compactMap(\.name) }

    /// A GET route also answers HEAD (RFC 9110 §9.3.2).
    package func answers(_ method: String) -> Bool {
        self.method.rawValue == method || self.method == .any
            || (method == "HEAD" && self.method == .get)
    }

    /// The segments of a path; `/` has none. A slash at the end makes an empty last segment.
    package static func split(_ path: String) -> [Substring] {
        path == "/" ? [] : path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    }

    private static func segment(
        _ text: Substring,
        of path: String
    ) throws(ContractError) -> Segment {
        guard text.contains(where: { $0 == "{" || $0 == "}" }) else {
            return .literal(String(text))
        }
        let takesRest = text.hasSuffix("+}")
        let name = text.dropFirst().dropLast(takesRest ? 2 : 1)
        guard text.hasPrefix("{"), text.hasSuffix("}"), !name.isEmpty,
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        else { throw ContractError("expected {name} to be a whole segment of \"\(path)\"") }
        return takesRest ? .rest(String(name)) : .parameter(String(name))
    }
}

extension RoutePattern.Segment {
    fileprivate var name: String? {
        switch self {
        case .literal: nil
        case .parameter(let name), .rest(let name): name
        }
    }

    /// Literals come before parameters, and parameters before the rest: the more specific segment
    /// wins.
    package var precedence: Int {
        switch self {
        case .literal: 0
        case .parameter: 1
        case .rest: 2
        }
    }
}
