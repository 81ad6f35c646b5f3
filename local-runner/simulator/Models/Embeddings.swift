import FunctionContract

/// Embeddings by feature hashing: texts with common words have similar vectors.
enum Embeddings {
    private static let inputLimit = 2048
    private static let dimensionLimit = 4096

    static func answer(_ json: JSON, _ model: String) -> Answer {
        let inputs = json["input"]?.array?.compactMap(\.string) ?? [json["input"]?.string ?? ""]
        guard !inputs.isEmpty, inputs.count <= inputLimit, !inputs.contains("") else {
            return LanguageModel.error(
                400,
                nil,
                "'$.input' is invalid: 1 to \(inputLimit) texts that are not empty."
            )
        }
        let usual = model.hasSuffix("large") ? 3072 : 1536
        let dimensions = json["dimensions"]?.integer ?? usual
        guard (1...dimensionLimit).contains(dimensions) else {
            return LanguageModel.error(400, nil, "'dimensions' is out of range.")
        }
        let isBase64 = json["encoding_format"]?.string == "base64"
        return Answer(200, list(inputs, dimensions, isBase64, model))
    }

    private static func list(
        _ inputs: [String],
        _ dimensions: Int,
        _ isBase64: Bool,
        _ model: String
    ) -> JSON {
        let data = inputs.enumerated().map { place, text in
            let vector = vector(of: text, dimensions: dimensions)
            return [
                "object": "embedding", "index": .integer(place),
                "embedding": isBase64
                    ? .string(Base64.encode(littleEndian(vector)))
                    : .array(vector.map { .number(Double($0)) }),
            ] as JSON
        }
        let tokens = JSON.integer(inputs.reduce(0) { $0 + LanguageModel.words($1).count })
        return [
            "object": "list", "data": .array(data), "model": .string(model),
            "usage": ["prompt_tokens": tokens, "total_tokens": tokens],
        ]
    }

    /// A vector of length 1. Each word adds to a few components, chosen by its hash.
    static func vector(of text: String, dimensions: Int) -> [Float] {
        var vector = [Float](repeating: 0, count: dimensions)
        for word in LanguageModel.words(text) {
            var state = hash(String(word))
            for _ in 0..<placesPerWord {
                state = mix(state)
                vector[Int(state >> 1) % dimensions] += state & 1 == 0 ? 1 : -1
            }
        }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        // A text without words still needs a vector of length 1.
        guard length > 0 else {
            vector[0] = 1
            return vector
        }
        return vector.map { $0 / length }
    }

    private static let placesPerWord = 8

    private static func littleEndian(_ vector: [Float]) -> [UInt8] {
        vector.flatMap { value in
            let bits = value.bitPattern
            return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
        }
    }
}
