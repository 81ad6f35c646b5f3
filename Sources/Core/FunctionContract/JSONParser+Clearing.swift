extension JSONParser {
    /// The bytes of an object in which each of its own members called `name` is null. Everything
    /// else stays byte for byte.
    package static func clearing(
        _ name: String,
        in bytes: [UInt8]
    ) throws(ContractError) -> [UInt8] {
        var parser = JSONParser(bytes)
        guard try parser.firstByte() == UInt8(ascii: "{") else { return bytes }
        var cleared: [UInt8] = []
        var end = 0
        try parser.members { parser, member throws(ContractError) in
            _ = try parser.firstByte()
            let start = parser.offset
            try parser.skipValue()
            guard member == name else { return }
            cleared += bytes[end..<start]
            cleared += "null".utf8
            end = parser.offset
        }
        return cleared + bytes[end...]
    }
}
