/// A function that a test writes to disk.
struct SampleFunction {
    let name: String
    let manifest: String
    /// Nil for the executable of that name which was built with the tests.
    let program: String?

    /// A function that answers every method on `/<name>/{what}`; `more` are further members of its
    /// manifest.
    init(_ name: String, _ program: String?, _ more: String = "") {
        self.name = name
        self.program = program
        manifest = """
            {
              "triggers": [{ "http": { "method": "ANY", "path": "/\(name)/{what}" } }]
              \(program == nil ? "" : #", "command": ["./main"]"#)
              \(more.isEmpty ? "" : ", \(more)")
            }
            """
    }

    init(_ name: String, manifest: String, program: String? = nil) {
        self.name = name
        self.manifest = manifest
        self.program = program
    }
}
