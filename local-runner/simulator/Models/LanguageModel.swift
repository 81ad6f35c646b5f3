import FunctionContract

/// `/v1/embeddings` and `/v1/chat/completions` of OpenAI's API, without a model. The same text
/// always gives the same answer.
enum LanguageModel {
    /// Nil for any other path.
    static func answer(to call: Call, _ scenario: Scenario) -> Answer? {
        let path = call.segments
        let isEmbedding = path.count == 2 && path[0] == "v1" && path[1] == "embeddings"
        let isChat = path == ["v1", "chat", "completions"]
        guard isEmbedding || isChat else { return nil }
        guard call.method == "POST" else { return error(405, nil, "Method not allowed") }
        guard let token = call.bearerToken, !token.isEmpty else {
            return error(401, "invalid_api_key", "You didn't provide an API key.")
        }
        guard let json = call.json, json.object != nil else {
            return error(400, nil, "We could not parse the JSON body of your request.")
        }
        guard let model = json["model"]?.string, !model.isEmpty else {
            return error(400, nil, "you must provide a model parameter")
        }
        return isEmbedding
            ? Embeddings.answer(json, model) : ChatCompletion.answer(json, model, scenario)
    }

    static func error(_ status: Int, _ code: String?, _ message: String) -> Answer {
        let error: JSON = [
            "message": .string(message), "type": "invalid_request_error", "param": nil,
            "code": code.map(JSON.string) ?? .null,
        ]
        return Answer(status, ["error": error])
    }

    /// The words of a text, in lower case. Their count serves as the count of tokens.
    static func words(_ text: String) -> [Substring] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map { Substring($0) }
    }
}
