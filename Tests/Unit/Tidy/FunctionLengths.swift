/// Where the functions, initialisers and computed properties of a file begin and end, judged by
/// indentation: the code is formatted by a tool, so the closing brace stands under the beginning.
struct FunctionLengths {
    struct Function {
        let line: Int
        let length: Int
    }

    let functions: [Function]

    init(_ code: SwiftCode) {
        var functions: [Function] = []
        for (index, line) in code.lines.enumerated() where Self.declaresFunction(line) {
            guard let end = Self.end(of: index, in: code.lines) else { continue }
            functions.append(Function(line: index + 1, length: end - index + 1))
        }
        self.functions = functions
    }

    private static func end(of start: Int, in lines: [Substring]) -> Int? {
        let indentation = lines[start].prefix { $0 == " " }
        for (index, line) in lines.enumerated().dropFirst(start + 1) {
            let content = line.drop { $0 == " " }
            if content.isEmpty || line.prefix(while: { $0 == " " }).count > indentation.count {
                continue
            }
            if content.hasPrefix("}") { return index }
            // A signature over several lines goes on; anything else is the next declaration.
            if !content.hasPrefix(")") && !content.hasPrefix("{") && !content.hasPrefix("where ") {
                return nil
            }
        }
        return nil
    }

    private static func declaresFunction(_ line: Substring) -> Bool {
        switch SwiftCode.words(of: line).first(where: { !modifiers.contains($0) }) {
        case "func", "init", "deinit", "subscript": return true
        case "var": return line.hasSuffix("{")
        default: return false
        }
    }

    private static let modifiers: Set<Substring> = [
        "package", "private", "fileprivate", "internal", "static", "class", "final", "override",
        "mutating",
        "nonmutating", "convenience", "required", "inline", "__always", "never",
        "discardableResult", "lazy",
        "borrowing", "consuming", "nonisolated", "isolated", "dynamic", "safe", "Test", "Sendable",
        "MainActor",
    ]
}
