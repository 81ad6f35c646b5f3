import Testing

/// A page of Markdown, and the code in it.
struct Guide {
    let text: String

    init(_ path: String) throws {
        text = try FinishedProcess(
            running: "/bin/cat",
            [BuiltProduct.packageRoot + "/" + path]
        ).outputText
        try #require(!text.isEmpty, "there is no \(path)")
    }

    /// The code of the first blocks after `words`.
    func code(after words: String, blocks count: Int = 1) throws -> String {
        let start = try #require(text.firstRange(of: words), "no \"\(words)\"").upperBound
        var blocks: [[Substring]] = []
        var isInside = false
        for line in text[start...].split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside.toggle()
                if isInside, blocks.count == count { break }
                if isInside { blocks.append([]) }
            } else if isInside {
                blocks[blocks.count - 1].append(line)
            }
        }
        return blocks.joined().map { $0 + "\n" }.joined()
    }
}
