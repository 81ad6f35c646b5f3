import FunctionContract

/// Finds the function for a method and a path. Built once; the most specific route wins.
struct Router {
    struct Route: Equatable {
        let pattern: RoutePattern
        let function: Int
    }

    struct Match: Equatable {
        let route: Route
        let parameters: [String: String]
    }

    enum Result: Equatable {
        case found(Match)
        case wrongMethod(allowed: [String])
        case notFound
    }

    /// Routes without parameters, by path: most requests end here.
    private let exact: [String: [Route]]
    private let patterns: [Route]

    init(_ routes: [Route]) {
        let sorted = routes.sorted { Self.isMoreSpecific($0.pattern, $1.pattern) }
        exact = Dictionary(grouping: sorted.filter(\.pattern.isLiteral), by: \.pattern.path)
        patterns = sorted.filter { !$0.pattern.isLiteral }
    }

    func find(method: String, path: String) -> Result {
        var allowed: Set<String> = []
        for route in exact[path] ?? [] {
            if route.pattern.answers(method) { return .found(Match(route: route, parameters: [:])) }
            allowed.insert(route.pattern.method)
        }
        if !patterns.isEmpty {
            let segments = RoutePattern.split(path)
            for route in patterns {
                guard let parameters = route.pattern.match(segments) else { continue }
                if route.pattern.answers(method) {
                    return .found(Match(route: route, parameters: parameters))
                }
                allowed.insert(route.pattern.method)
            }
        }
        if allowed.contains("GET") { allowed.insert("HEAD") }
        return allowed.isEmpty ? .notFound : .wrongMethod(allowed: allowed.sorted())
    }

    /// Two functions cannot have the same route: which one answers would be chance. What the
    /// platform itself answers is no function's.
    static func checkUnambiguous(
        _ manifests: [Manifest],
        in folder: String
    ) throws(UsageError) {
        var owners: [String: String] = [:]
        for manifest in manifests {
            for route in manifest.routes {
                if route.path.hasPrefix("/_") {
                    throw UsageError(
                        "\(folder)/\(manifest.name)/function.json: \(route.key): paths that start"
                            + " with /_ belong to the platform"
                    )
                }
                if let owner = owners.updateValue(manifest.name, forKey: route.shape) {
                    throw UsageError(
                        "\(folder)/\(manifest.name)/function.json: \(route.key) is already"
                            + " the route of \(owner)"
                    )
                }
            }
        }
    }

    private static func isMoreSpecific(_ left: RoutePattern, _ right: RoutePattern) -> Bool {
        let leftRanks = left.segments.map(\.precedence)
        let rightRanks = right.segments.map(\.precedence)
        if leftRanks != rightRanks { return leftRanks.lexicographicallyPrecedes(rightRanks) }
        return left.methodRank < right.methodRank
    }
}

extension RoutePattern {
    fileprivate var isLiteral: Bool { segments.allSatisfy { $0.precedence == 0 } }

    /// The route without the names of its parameters.
    fileprivate var shape: String {
        let path = segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .parameter: "{}"
            case .rest: "{+}"
            }
        }
        return "\(method) /\(path.joined(separator: "/"))"
    }

    /// HEAD before the GET that would answer it too, both before ANY.
    fileprivate var methodRank: Int {
        switch method {
        case "HEAD": 0
        case "ANY": 2
        default: 1
        }
    }

    /// HEAD is answered by whoever answers GET (RFC 9110 §9.3.2).
    fileprivate func answers(_ method: String) -> Bool {
        self.method == method || self.method == "ANY" || (method == "HEAD" && self.method == "GET")
    }
}
