import FunctionContract

/// Answers with the sentences of the context that share most words with the question.
enum ChatCompletion {
    private static let sentenceCount = 2

    static func answer(_ json: JSON, _ model: String, _ scenario: Scenario) -> Answer {
        let messages = (json["messages"]?.array ?? []).compactMap(Message.init)
        guard !messages.isEmpty else {
            return LanguageModel.error(400, nil, "'messages' must hold at least one message.")
        }
        let text = scenario.completion ?? passage(messages)
        let prompt = messages.reduce(0) { $0 + LanguageModel.words($1.text).count }
        let completion = Completion(
            id: "chatcmpl-\(digest(Array(text.utf8)))",
            model: model,
            text: text,
            promptTokens: prompt
        )
        let isStream = json["stream"]?.bool == true
        return isStream ? completion.stream : Answer(200, completion.json)
    }

    /// The best sentences before the question, or the question itself when there are none.
    static func passage(_ messages: [Message]) -> String {
        let question = messages.last { $0.role == "user" } ?? messages[messages.count - 1]
        let asked = Set(LanguageModel.words(question.text).filter { $0.count > 3 })
        let said = messages.flatMap { sentences($0.text) }
        let scored = said.enumerated().compactMap { place, sentence in
            let shared = Set(LanguageModel.words(sentence)).intersection(asked).count
            let isQuestion = sentence.hasSuffix("?")
            return shared > 0 && !isQuestion ? (shared, place, sentence) : nil
        }
        let best = scored.sorted { ($1.0, $0.1) < ($0.0, $1.1) }.prefix(sentenceCount)
        guard !best.isEmpty else { return question.text }
        return best.sorted { $0.1 < $1.1 }.map(\.2).joined(separator: " ")
    }

    private static func sentences(_ text: String) -> [String] {
        var sentences: [String] = []
        var sentence = ""
        for character in text {
            if character.isNewline {
                sentences.append(sentence)
                sentence = ""
                continue
            }
            sentence.append(character)
            guard ".!?".contains(character) else { continue }
            sentences.append(sentence)
            sentence = ""
        }
        sentences.append(sentence)
        return sentences.map { String($0.drop { $0.isWhitespace }) }.filter { !$0.isEmpty }
    }

    /// One message of the conversation. Its content is a text or a list of parts.
    struct Message {
        let role: String
        let text: String

        init?(_ json: JSON) {
            guard let role = json["role"]?.string, let content = json["content"] else { return nil }
            self.role = role
            let parts = content.array?.compactMap { $0["text"]?.string }
            guard let text = content.string ?? parts?.joined(separator: "\n") else { return nil }
            self.text = text
        }
    }
}

/// An answer of the model, whole or in pieces.
private struct Completion {
    let id: String
    let model: String
    let text: String
    let promptTokens: Int

    var json: JSON {
        let tokens = LanguageModel.words(text).count
        return [
            "id": .string(id), "object": "chat.completion", "created": 1_700_000_000,
            "model": .string(model),
            "choices": [
                [
                    "index": 0, "finish_reason": "stop",
                    "message": ["role": "assistant", "content": .string(text)],
                ]
            ],
            "usage": [
                "prompt_tokens": .integer(promptTokens), "completion_tokens": .integer(tokens),
                "total_tokens": .integer(promptTokens + tokens),
            ],
        ]
    }

    /// The answer as server-sent events, one word each.
    var stream: Answer {
        var body = chunk(["role": "assistant", "content": ""], finish: nil)
        for (place, word) in text.split(separator: " ").enumerated() {
            let piece = place == 0 ? String(word) : " \(word)"
            body += chunk(["content": .string(piece)], finish: nil)
        }
        body += chunk([:], finish: "stop") + "data: [DONE]\n\n"
        return Answer(200, type: "text/event-stream", body: Array(body.utf8))
    }

    private func chunk(_ delta: JSON, finish: String?) -> String {
        let choice: JSON = [
            "index": 0, "delta": delta, "finish_reason": finish.map(JSON.string) ?? .null,
        ]
        let event: JSON = [
            "id": .string(id), "object": "chat.completion.chunk", "created": 1_700_000_000,
            "model": .string(model), "choices": [choice],
        ]
        return "data: \(event.text)\n\n"
    }
}
