extension JSON {
    /// This value on several lines, for people.
    package var indented: String { indented(at: "") }

    private func indented(at margin: String) -> String {
        let inner = margin + "  "
        switch self {
        case .array(let elements) where !elements.isEmpty:
            let lines = elements.map { inner + $0.indented(at: inner) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(margin)]"
        case .object(let object) where !object.members.isEmpty:
            let lines = object.members.map { member in
                "\(inner)\(JSON.string(member.name).text): \(member.value.indented(at: inner))"
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(margin)}"
        default: return text
        }
    }
}
