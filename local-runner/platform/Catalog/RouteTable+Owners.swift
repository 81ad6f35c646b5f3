import FunctionContract

extension RouteTable {
    /// Throws when two functions have the same route, because it would be undefined which one
    /// answers. A function must not claim a path that the platform answers.
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
}

extension RoutePattern {
    /// The route without the names of its parameters.
    fileprivate var shape: String {
        let path = segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .parameter: "{}"
            case .rest: "{+}"
            }
        }
        return "\(method.rawValue) /\(path.joined(separator: "/"))"
    }
}
