/// The sentences of the comments in a file of Swift, SQL or shell.
struct CommentSentences {
    struct Sentence: Equatable {
        /// Where its paragraph begins, from 1.
        let line: Int
        let words: Int
    }

    let sentences: [Sentence]

    init(_ lines: [Substring], marks: [String]) {
        var sentences: [Sentence] = []
        var paragraph: (line: Int, text: String)?
        for (index, line) in (lines + [""]).enumerated() {
            let text = Self.comment(in: line, marks)
            if let text, Self.goesOn(text) {
                paragraph = (paragraph?.line ?? index + 1, (paragraph?.text ?? "") + " " + text)
                continue
            }
            if let (line, text) = paragraph {
                sentences += Self.counts(text).map { Sentence(line: line, words: $0) }
            }
            paragraph = nil
        }
        self.sentences = sentences
    }

    /// Nil for a line that is not a comment alone.
    private static func comment(in line: Substring, _ marks: [String]) -> Substring? {
        let content = line.drop { $0 == " " }
        guard !content.hasPrefix("#!"), let mark = marks.first(where: { content.hasPrefix($0) })
        else { return nil }
        let text = content.dropFirst(mark.count)
        return text.hasPrefix(" ") ? text.dropFirst() : text
    }

    /// An empty line, a table or an indented line is not part of a paragraph.
    private static func goesOn(_ text: Substring) -> Bool {
        guard let first = text.first else { return false }
        return first != "|" && !text.hasPrefix("- ") && !text.hasPrefix("  ")
    }

    /// The words of each sentence. Code between backticks is one word, a colon or a semicolon ends
    /// a sentence as a full stop does.
    private static func counts(_ text: String) -> [Int] {
        var counts = [0]
        var isCode = false
        for word in text.split(separator: " ") {
            let wasCode = isCode
            if word.count(where: { $0 == "`" }) % 2 == 1 { isCode.toggle() }
            if wasCode && !isCode { continue }
            if !wasCode, word.contains(where: { $0.isLetter || $0.isNumber || $0 == "`" }) {
                counts[counts.count - 1] += 1
            }
            if !isCode, let last = word.last, ".!?:;".contains(last) { counts.append(0) }
        }
        return counts.filter { $0 > 0 }
    }
}
