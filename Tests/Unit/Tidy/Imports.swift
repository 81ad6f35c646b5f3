/// The `import` lines of Swift source.
enum Imports {
    /// The modules that a file imports.
    static func imports(of code: SwiftCode) -> [(module: String, line: Int)] {
        code.lines.enumerated().compactMap { index, line in
            guard line.contains("import") else { return nil }
            let words = line.split(separator: " ")
            guard let place = words.firstIndex(of: "import"),
                words[..<place].allSatisfy({ $0.hasPrefix("@") || accessLevels.contains($0) })
            else { return nil }
            let path = words[(place + 1)...].first { !kinds.contains($0) }
            return path?.split(separator: ".").first.map { (String($0), index + 1) }
        }
    }

    private static let accessLevels: Set<Substring> = [
        "package", "private", "fileprivate", "internal", "public",
    ]

    private static let kinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "func", "let", "var", "typealias",
    ]
}
