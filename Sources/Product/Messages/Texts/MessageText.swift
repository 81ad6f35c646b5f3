/// A parsed text with variables, `{{1}}` or `{{contact.first_name}}`, and links.
package struct MessageText: Sendable, Equatable {
    /// WhatsApp's own limit, in code points.
    package static let lengthLimit = 4096
    /// The limit before values replace variables: names may be longer than values, but not by much.
    private static let sourceLimit = 4 * lengthLimit

    enum Piece: Sendable, Equatable {
        case words(String)
        case variable(String)
        case link(WebLink)
    }

    let pieces: [Piece]

    /// Rejects an unclosed or unnamed variable, and an address that cannot be opened.
    package init(_ text: String) throws(InvalidText) {
        guard text.unicodeScalars.count <= Self.sourceLimit else {
            throw InvalidText("longer than \(Self.sourceLimit) characters")
        }
        var parser = MessageTextParser(text)
        pieces = try parser.pieces()
    }

    /// The links of the text, in order, without duplicates.
    package var links: [WebLink] {
        var links: [WebLink] = []
        for case .link(let link) in pieces where !links.contains(link) { links.append(link) }
        return links
    }

    /// The names of its variables, in order, without duplicates.
    package var variables: [String] {
        var names: [String] = []
        for case .variable(let name) in pieces where !names.contains(name) { names.append(name) }
        return names
    }

    /// The link, if the text consists of one link and nothing else.
    package var soleLink: WebLink? {
        guard pieces.count == 1, case .link(let link) = pieces[0] else { return nil }
        return link
    }

    /// The text for one contact. Throws the name of the first missing value.
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

/// A text that cannot be sent.
package struct InvalidText: Error, Equatable, Sendable {
    /// Why, in English.
    package let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// A variable that has no value for a contact.
package struct MissingValue: Error, Equatable, Sendable {
    package let name: String

    package init(name: String) {
        self.name = name
    }
}

/// Parses a text.
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

    /// Extracts the links from the words since the last variable. An address that contains a
    /// variable stays in the words: it differs for each contact.
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
    /// Where the address begins in a word: at its scheme, behind an opening bracket or quote.
    fileprivate var linkStart: Index? {
        guard let separator = firstRange(of: "://") else { return nil }
        var start = separator.lowerBound
        while start > startIndex, self[index(before: start)].isLetter {
            start = index(before: start)
        }
        return start
    }

    /// The address without closing punctuation, which belongs to the sentence around it.
    fileprivate var withoutClosingMarks: Substring {
        var address = self
        while let last = address.last, ".,;:!?)]}»\"'”".contains(last) { address.removeLast() }
        return address
    }
}
