/// Reads one object of a manifest and tracks its key path, so that every error names the file, the
/// full key and the expected value.
struct ManifestReader {
    private let object: JSONObject
    private let file: String
    private let path: String

    init(_ json: JSON, file: String, path: String = "") throws(ManifestError) {
        guard let object = json.object else {
            throw ManifestError(
                file: file,
                key: path,
                problem: "expected an object, found \(json.kind)"
            )
        }
        self.object = object
        self.file = file
        self.path = path
    }

    var names: [String] { object.members.map(\.name) }

    func allowOnly(_ known: [String]) throws(ManifestError) {
        for (index, name) in names.enumerated() {
            guard known.contains(name) else {
                throw error(name, "unknown key; known are \(known.joined(separator: ", "))")
            }
            if names[..<index].contains(name) { throw error(name, "expected once, found twice") }
        }
    }

    func string(_ name: String) throws(ManifestError) -> String? {
        guard let value = object[name] else { return nil }
        guard let string = value.string, !string.isEmpty else {
            throw error(name, "expected a string that is not empty, found \(value.kind)")
        }
        return string
    }

    func required(_ name: String) throws(ManifestError) -> String {
        guard let value = try string(name) else { throw error(name, "expected, but missing") }
        return value
    }

    /// A name: lower-case words joined by dashes.
    func name(_ name: String) throws(ManifestError) -> String {
        let value = try required(name)
        guard value.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") })
        else { throw error(name, "expected lower-case letters, digits and dashes") }
        return value
    }

    func bool(_ name: String) throws(ManifestError) -> Bool? {
        guard let value = object[name] else { return nil }
        guard let bool = value.bool else {
            throw error(name, "expected true or false, found \(value.kind)")
        }
        return bool
    }

    func integer(_ name: String, _ range: ClosedRange<Int>) throws(ManifestError) -> Int? {
        guard let value = object[name] else { return nil }
        guard let integer = value.integer, range.contains(integer) else {
            let found = value.integer.map(String.init) ?? value.kind
            throw error(
                name,
                "expected a whole number from \(range.lowerBound) to \(range.upperBound),"
                    + " found \(found)"
            )
        }
        return integer
    }

    func strings(_ name: String) throws(ManifestError) -> [String] {
        guard let value = object[name] else { return [] }
        guard let elements = value.array else {
            throw error(name, "expected an array of strings, found \(value.kind)")
        }
        var strings: [String] = []
        for (index, element) in elements.enumerated() {
            guard let string = element.string, !string.isEmpty else {
                throw error("\(name)[\(index)]", "expected a string that is not empty")
            }
            strings.append(string)
        }
        return strings
    }

    func choice<Choice: RawRepresentable<String>>(
        _ name: String,
        _ choices: [Choice]
    ) throws(ManifestError) -> Choice? {
        guard let text = try string(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let known = choices.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
            throw error(name, "expected \(known), found \"\(text)\"")
        }
        return choice
    }

    func object(_ name: String) throws(ManifestError) -> ManifestReader? {
        guard let value = object[name] else { return nil }
        return try ManifestReader(value, file: file, path: key(name))
    }

    func objects(_ name: String) throws(ManifestError) -> [ManifestReader] {
        guard let value = object[name] else { return [] }
        guard let elements = value.array else {
            throw error(name, "expected an array, found \(value.kind)")
        }
        var readers: [ManifestReader] = []
        for (index, element) in elements.enumerated() {
            readers.append(
                try ManifestReader(element, file: file, path: "\(key(name))[\(index)]")
            )
        }
        return readers
    }

    func error(_ name: String, _ problem: String) -> ManifestError {
        ManifestError(file: file, key: key(name), problem: problem)
    }

    private func key(_ name: String) -> String {
        path.isEmpty ? name : name.isEmpty ? path : "\(path).\(name)"
    }
}
