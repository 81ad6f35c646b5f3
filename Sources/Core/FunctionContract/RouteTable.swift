/// Finds the route for a method and a path. It is built once. The most specific route wins.
package struct RouteTable: Sendable {
    /// A pattern, and its number in the owner's list.
    package struct Route: Equatable, Sendable {
        package let pattern: RoutePattern
        package let target: Int

        package init(_ pattern: RoutePattern, target: Int) {
            self.pattern = pattern
            self.target = target
        }
    }

    package struct Match: Equatable {
        package let route: Route
        /// Percent-decoded values, by name.
        package let parameters: [String: String]
    }

    package enum Result: Equatable {
        case found(Match)
        case wrongMethod(allowed: [String])
        case notFound
    }

    /// Routes without parameters, by path. Most requests match here.
    private let exact: [String: [Route]]
    private let patterns: [Route]

    package init(_ routes: [Route]) {
        let sorted = routes.sorted { Self.isMoreSpecific($0.pattern, $1.pattern) }
        exact = Dictionary(grouping: sorted.filter(\.pattern.isLiteral), by: \.pattern.path)
        patterns = sorted.filter { !$0.pattern.isLiteral }
    }

    /// The route for the path of a request. If no route matches, a slash at the end is ignored.
    package func find(method: String, path: String) -> Result {
        let result = findExactly(method, path)
        guard case .notFound = result, path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/")
        else {
            return result
        }
        return findExactly(method, String(path.dropLast()))
    }

    private func findExactly(_ method: String, _ path: String) -> Result {
        var allowed: Set<String> = []
        for route in exact[path] ?? [] {
            if route.pattern.answers(method) { return .found(Match(route: route, parameters: [:])) }
            allowed.insert(route.pattern.method.rawValue)
        }
        if !patterns.isEmpty {
            let segments = RoutePattern.split(path)
            for route in patterns {
                guard let parameters = route.pattern.match(segments) else { continue }
                if route.pattern.answers(method) {
                    return .found(Match(route: route, parameters: parameters))
                }
                allowed.insert(route.pattern.method.rawValue)
            }
        }
        if allowed.contains("GET") { allowed.insert("HEAD") }
        return allowed.isEmpty ? .notFound : .wrongMethod(allowed: allowed.sorted())
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

    /// HEAD comes before GET, which would also answer it. Both come before ANY.
    fileprivate var methodRank: Int {
        switch method {
        case .head: 0
        case .any: 2
        case .get, .post, .put, .patch, .delete, .options: 1
        }
    }
}

extension HTTPReply {
    /// The reply to a method that no route of the path answers.
    package static func wrongMethod(
        _ method: String,
        at path: String,
        allowed: [String]
    )
        -> HTTPReply
    {
        let names = allowed.joined(separator: ", ")
        var reply = HTTPReply.error(
            405,
            "method_not_allowed",
            "\(path) answers \(names), not \(method)"
        )
        reply.headers.add("allow", names)
        return reply
    }
}
