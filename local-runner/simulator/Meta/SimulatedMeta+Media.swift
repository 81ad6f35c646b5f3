import FunctionContract
import Security

// POST /v{N}.0/{phone_number_id}/media, GET and DELETE /v{N}.0/{media_id}, and the files

extension SimulatedMeta {
    static func upload(_ call: Call, _ world: inout World) -> Action {
        guard let form = MultipartForm(call.body, type: call.header("content-type") ?? "") else {
            return refused(.malformed("The body is no multipart/form-data."))
        }
        guard form.text("messaging_product") == "whatsapp" else {
            return refused(.missing("messaging_product"))
        }
        guard let file = form.parts.first(where: { $0.name == "file" }) else {
            return refused(.missing("file"))
        }
        let type = form.text("type") ?? file.type ?? "application/octet-stream"
        let id = String(world.ids.next() >> 12)
        world.media.add(MediaBook.File(mimeType: type, bytes: file.bytes), as: id)
        return .answer(Answer(200, ["id": .string(id)]))
    }

    static func describe(_ id: String, _ world: World) -> Action {
        guard let file = world.media[id] else { return refused(.notFound(id)) }
        return .answer(
            Answer(
                200,
                [
                    "messaging_product": "whatsapp",
                    "url": .string("\(world.address)/_media/\(id)"),
                    "mime_type": .string(file.mimeType),
                    "sha256": .string(Base16.encode(SHA256.digest(file.bytes))),
                    "file_size": .integer(file.bytes.count),
                    "id": .string(id),
                ]
            )
        )
    }

    static func delete(_ id: String, _ world: inout World) -> Action {
        guard world.media.remove(id) else { return refused(.notFound(id)) }
        return .answer(Answer(200, ["success": true]))
    }

    static func download(_ call: Call, _ world: World) -> Action {
        guard call.method == "GET", call.segments.count == 2,
            let file = world.media[call.segments[1]]
        else { return refused(.notFound(call.path)) }
        return .answer(Answer(200, type: file.mimeType, body: file.bytes))
    }
}

/// The parts of a `multipart/form-data` body (RFC 7578).
struct MultipartForm {
    struct Part {
        let name: String
        let type: String?
        let bytes: [UInt8]
    }

    private(set) var parts: [Part] = []

    init?(_ body: [UInt8], type: String) {
        guard type.lowercased().hasPrefix("multipart/form-data"),
            let mark = type.firstRange(of: "boundary=")
        else { return nil }
        let word = type[mark.upperBound...].prefix { $0 != ";" }
        let boundary = Array("--\(word.filter { $0 != "\"" })".utf8)
        // The first boundary has no line break before it.
        let separator = Array("\r\n".utf8) + boundary
        let text = Array("\r\n".utf8) + body
        let pieces = text.split(separator: separator, omittingEmptySubsequences: false)
        guard pieces.count > 2 else { return nil }
        for piece in pieces.dropFirst().dropLast() {
            guard let part = Part(piece) else { return nil }
            parts.append(part)
        }
    }

    func text(_ name: String) -> String? {
        parts.first { $0.name == name }.map { String(decoding: $0.bytes, as: UTF8.self) }
    }
}

extension MultipartForm.Part {
    fileprivate init?(_ piece: ArraySlice<UInt8>) {
        guard let gap = piece.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: piece[..<gap.lowerBound], as: UTF8.self)
        var name: String?
        var type: String?
        for line in head.split(whereSeparator: \.isNewline) {
            let pair = line.split(separator: ":", maxSplits: 1).map { $0.drop { $0 == " " } }
            guard pair.count == 2 else { return nil }
            switch pair[0].lowercased() {
            case "content-disposition": name = Self.name(in: pair[1])
            case "content-type": type = String(pair[1])
            default: continue
            }
        }
        guard let name else { return nil }
        self.name = name
        self.type = type
        bytes = Array(piece[gap.upperBound...])
    }

    private static func name(in disposition: Substring) -> String? {
        for parameter in disposition.split(separator: ";") {
            let pair = parameter.drop { $0 == " " }
            guard pair.hasPrefix("name=") else { continue }
            return String(pair.dropFirst("name=".count).filter { $0 != "\"" })
        }
        return nil
    }
}
