/// A text with variables, `{{1}}` or `{{contact.first_name}}`, and links, taken apart once.
package struct MessageText: Sendable, Equatable {
    /// WhatsApp's own limit, in code points.
    package static let lengthLimit = 4096
    /// With names of variables in place of their values it may be longer, but not by much.
    private static let sourceLimit = 4 * lengthLimit

    enum Piece: Sendable, Equatable {
        case words(String)
        case variable(String)
        case link(WebLink)
    }

    let pieces: [Piece]

    /// Refuses a variable that is not closed or has no name, and an address that leads nowhere.
    package init(_ text: String) throws(InvalidText) {
        guard text.unicodeScalars.count <= Self.sourceLimit else {
            throw InvalidText("longer than \(Self.sourceLimit) characters")
        }
        var parser = MessageTextParser(text)
        pieces = try parser.pieces()
    }

    /// The addresses in it, in order, each once.
    package var links: [WebLink] {
        var links: [WebLink] = []
        for case .link(let link) in pieces where !links.contains(link) { links.append(link) }
        return links
    }

    /// The names of its variables, in order, each once.
    package var variables: [String] {
        var names: [String] = []
        for case .variable(let name) in pieces where !names.contains(name) { names.append(name) }
        return names
    }

    /// The address that is all of it; nil when there is more, or none.
    package var soleLink: WebLink? {
        guard pieces.count == 1, case .link(let link) = pieces[0] else { return nil }
        return link
    }

    /// The text as one person reads it. Throws the name of the first value that is missing.
    package func rendered(
        value: (String) -> String?,
        link: (WebLink) -> String = \.text
    ) throws(MissingValue) -> String {
        var text = ""
        for piece in pieces {
            switch piece {
            case .words(let words): text += words
            case .link(let address): text += link(address)
            case .variable(let name):
                guard let value = value(name) else { throw MissingValue(name: name) }
                text += value
            }
        }
        return text
    }
}

/// A text that cannot be sent to anybody.
package struct InvalidText: Error, Equatable, Sendable {
    /// Why, in English.
    package let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// A variable that has no value for somebody.
package struct MissingValue: Error, Equatable, Sendable {
    package let name: String

    package init(name: String) {
        self.name = name
    }
}

/// Takes a text apart.
struct MessageTextParser {
    private let text: String
    private var words = ""
    private var found: [MessageText.Piece] = []

    init(_ text: String) {
        self.text = text
    }

    mutating func pieces() throws(InvalidText) -> [MessageText.Piece] {
        var rest = text[...]
        while let opening = rest.firstRange(of: "{{") {
            words += rest[..<opening.lowerBound]
            guard let closing = rest[opening.upperBound...].firstRange(of: "}}") else {
                throw InvalidText("\"{{\" without \"}}\"")
            }
            let name = rest[opening.upperBound..<closing.lowerBound].trimmed
            guard Self.isName(name) else {
                throw InvalidText("{{\(name)}} is no name of a variable")
            }
            try endWords(continues: true)
            found.append(.variable(name))
            rest = rest[closing.upperBound...]
        }
        words += rest
        try endWords(continues: false)
        return found
    }

    /// Takes the links out of the words since the last variable. An address that a variable is part
    /// of stays among the words: it is another for everybody.
    private mutating func endWords(continues: Bool) throws(InvalidText) {
        let startsInsideWord = found.last.map { if case .variable = $0 { true } else { false } }
        var isFirst = startsInsideWord ?? false
        var rest = words[...]
        words = ""
        while !rest.isEmpty {
            let space = rest.prefix { $0.isWhitespace }
            add(String(space))
            rest = rest.dropFirst(space.count)
            if !space.isEmpty { isFirst = false }
            let word = rest.prefix { !$0.isWhitespace }
            rest = rest.dropFirst(word.count)
            let isOpen = isFirst || (continues && rest.isEmpty)
            try add(word: word, isOpen: isOpen)
            isFirst = false
        }
    }

    private mutating func add(word: Substring, isOpen: Bool) throws(InvalidText) {
        guard let start = word.linkStart, !isOpen else { return add(String(word)) }
        let address = word[start...].withoutClosingMarks
        guard let link = WebLink(address) else {
            throw InvalidText("\(address) is no address of the web")
        }
        add(String(word[..<start]))
        found.append(.link(link))
        add(String(word[start...].dropFirst(address.count)))
    }

    private mutating func add(_ words: String) {
        if words.isEmpty { return }
        if case .words(let before) = found.last {
            found[found.count - 1] = .words(before + words)
        } else {
            found.append(.words(words))
        }
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 64
            && name.unicodeScalars.allSatisfy {
                $0 == "_" || $0 == "." || $0 == "-" || $0.properties.isAlphabetic
                    || $0.properties.numericType != nil
            }
    }
}

extension StringProtocol {
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        var end = String(start)
        while end.last?.isWhitespace == true { end.removeLast() }
        return end
    }
}

extension Substring {
    /// Where an address begins in a word: after a bracket or a quote, if there is one.
    fileprivate var linkStart: Index? {
        guard let separator = firstRange(of: "://") else { return nil }
        var start = separator.lowerBound
        while start > startIndex, self[index(before: start)].isLetter {
            start = index(before: start)
        }
        return start
    }

    /// What ends a sentence is not part of the address in it.
    fileprivate var withoutClosingMarks: Substring {
        var address = self
        while let last = address.last, ".,;:!?)]}»\"'”".contains(last) { address.removeLast() }
        return address
    }
}
