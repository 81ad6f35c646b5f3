/// A page of metrics read as Prometheus reads it, with everything that it would complain about.
struct ExpositionPage {
    /// By the series as it is written.
    private(set) var values: [String: Double] = [:]
    private(set) var problems: [String] = []
    private var types: [Substring: Substring] = [:]
    private var family: Substring = ""

    init(_ text: String) {
        if text.last != "\n" { problems.append("no line feed at the end") }
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            line.hasPrefix("#") ? readComment(line) : readSample(line)
        }
    }

    private mutating func readComment(_ line: Substring) {
        let words = line.split(separator: " ", maxSplits: 3)
        guard words.count == 4, words[0] == "#" else { return complain("comment", line) }
        switch words[1] {
        case "HELP":
            if types[words[2]] != nil { complain("family in two places", line) }
            family = words[2]
        case "TYPE":
            if words[2] != family { complain("TYPE without HELP before it", line) }
            if !["counter", "gauge", "histogram"].contains(words[3]) { complain("type", line) }
            types[family] = words[3]
        default: complain("comment", line)
        }
    }

    private mutating func readSample(_ line: Substring) {
        let pattern =
            /([a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\["\\n])*",?)*)\})? (\S+)/
        guard let match = line.wholeMatch(of: pattern), let value = Double(match.4) else {
            return complain("sample", line)
        }
        checkName(match.1, line)
        let series = String(line.dropLast(match.4.count + 1))
        if values.updateValue(value, forKey: series) != nil { complain("series twice", line) }
    }

    private mutating func checkName(_ name: Substring, _ line: Substring) {
        switch types[family] {
        case "histogram":
            if !["_bucket", "_sum", "_count"].contains(where: { name == family + $0 }) {
                complain("sample outside its family", line)
            }
        case "counter":
            if name != family { complain("sample outside its family", line) }
            if !name.hasSuffix("_total") { complain("counter without _total", line) }
        default:
            if name != family { complain("sample outside its family", line) }
        }
    }

    private mutating func complain(_ problem: String, _ line: Substring) {
        problems.append("\(problem): \(line)")
    }
}
