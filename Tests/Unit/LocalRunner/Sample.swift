import FunctionContract

@testable import LocalRunner

/// Small values that tests start from.
enum Sample {
    /// A function named `name`; `text` is the inside of its `function.json`, triggers included.
    static func manifest(
        _ name: String = "sample",
        _ text: String = #""triggers": [{ "queue": { "name": "sample" } }]"#
    ) -> Manifest {
        do {
            return try Manifest(Array("{\(text)}".utf8), name: name, file: "\(name)/function.json")
        } catch {
            preconditionFailure("the sample is no manifest: \(error)")
        }
    }

    /// A function that answers the routes, each a method and a path.
    static func manifest(_ name: String, routes: String...) -> Manifest {
        let triggers = routes.map { route in
            let words = route.split(separator: " ")
            return #"{ "http": { "method": "\#(words[0])", "path": "\#(words[1])" } }"#
        }
        return manifest(name, #""triggers": [\#(triggers.joined(separator: ", "))]"#)
    }

    static let time = Timestamp(milliseconds: 1_784_300_645_123)
}
