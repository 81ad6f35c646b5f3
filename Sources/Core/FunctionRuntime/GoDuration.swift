extension Duration {
    /// Parses a time limit of OpenFaaS: whole seconds, or a Go duration such as `1m30s` or `500ms`.
    init?(goDuration text: String) {
        if let seconds = Int(text) {
            guard (0...Self.longestSeconds).contains(seconds) else { return nil }
            self = .seconds(seconds)
            return
        }
        var rest = text[...]
        var total = Duration.zero
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let value = Double(number), let seconds = Self.seconds[String(unit)],
                value * seconds <= Double(Self.longestSeconds)
            else { return nil }
            total += .seconds(value * seconds)
        }
        guard !text.isEmpty else { return nil }
        self = total
    }

    private static let seconds = [
        "h": 3600.0, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9,
    ]

    /// One year: more than any host waits, and safe from overflow.
    private static let longestSeconds = 31_536_000
}
