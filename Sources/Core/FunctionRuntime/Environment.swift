internal import Glibc

/// The environment of this process, or one made for a test.
package struct Environment: Sendable {
    package let variables: [String: String]

    package init(_ variables: [String: String]) {
        self.variables = variables
    }

    package static var process: Environment {
        var variables: [String: String] = [:]
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let pair = unsafe String(cString: text).split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            unsafe entry += 1
        }
        return Environment(variables)
    }

    /// The value of `name`. An empty variable counts as not set.
    package subscript(name: String) -> String? {
        guard let value = variables[name], !value.isEmpty else { return nil }
        return value
    }
}
