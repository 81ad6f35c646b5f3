/// COPY's text format: fields between tabs, rows between newlines, `\N` for NULL.
package enum CopyText {
    /// The fields of one row of COPY output; nil is NULL.
    package static func fields(of row: [UInt8]) -> [String?] {
        var line = row[...]
        if line.last == newline { line.removeLast() }
        return line.split(separator: tab, omittingEmptySubsequences: false).map { field in
            field.elementsEqual(null) ? nil : String(decoding: unescaped(field), as: UTF8.self)
        }
    }

    /// Appends a field and escapes the characters that are special in this format.
    static func append(escaped text: some Sequence<UInt8>, to buffer: inout [UInt8]) {
        for byte in text {
            switch byte {
            case backslash: buffer += [backslash, backslash]
            case tab: buffer += [backslash, UInt8(ascii: "t")]
            case newline: buffer += [backslash, UInt8(ascii: "n")]
            case carriageReturn: buffer += [backslash, UInt8(ascii: "r")]
            default: buffer.append(byte)
            }
        }
    }

    static let null = Array("\\N".utf8)
    static let tab = UInt8(ascii: "\t")
    static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let backslash = UInt8(ascii: "\\")

    private static func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(field.count)
        var isEscaped = false
        for byte in field {
            if isEscaped {
                bytes.append(controls[byte] ?? byte)
                isEscaped = false
            } else if byte == backslash {
                isEscaped = true
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    private static let controls: [UInt8: UInt8] = [
        UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A,
        UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09, UInt8(ascii: "v"): 0x0B,
    ]
}
