// The character classes of RFC 9110 §5 that this module distinguishes.

func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
}

func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
}

/// Whether the bytes can be the value of a Host field: a host, with or without a port.
func isHost(_ bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices {
        switch bytes[index] {
        case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "@"),
            UInt8(ascii: "\\"), UInt8(ascii: ","), UInt8(ascii: "<"), UInt8(ascii: ">"),
            UInt8(ascii: "\""), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"),
            UInt8(ascii: "|"), UInt8(ascii: "}"):
            return false
        case 0x21...0x7E: continue
        default: return false
        }
    }
    return true
}

/// Accepts a path, `*` or an absolute http(s) URL: RFC 9112 §3.2 without the form of CONNECT.
func isRequestTarget(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count > 0 else { return false }
    if bytes[0] == UInt8(ascii: "/") { return true }
    if bytes.count == 1 { return bytes[0] == UInt8(ascii: "*") }
    for prefix: StaticString in ["http://", "https://"] {
        let count = prefix.utf8CodeUnitCount
        if bytes.count > count, isWord(bytes.extracting(0..<count), prefix) { return true }
    }
    return false
}

/// The range of the host and port in an absolute URL; nil for a path or `*`.
func authority(ofTarget bytes: Span<UInt8>) -> Range<Int>? {
    guard bytes.count > 1, bytes[0] != UInt8(ascii: "/") else { return nil }
    var start = 0
    while start < bytes.count, bytes[start] != UInt8(ascii: "/") { start += 1 }
    start = min(start + 2, bytes.count)
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") {
        end += 1
    }
    return start..<end
}

/// Whether the bytes equal `word`, ignoring case. `word` must be in lower case.
func isWord(_ bytes: Span<UInt8>, _ word: StaticString) -> Bool {
    guard bytes.count == word.utf8CodeUnitCount else { return false }
    for index in bytes.indices
    where unsafe lowercased(bytes[index]) != word.utf8Start[index] { return false }
    return true
}
