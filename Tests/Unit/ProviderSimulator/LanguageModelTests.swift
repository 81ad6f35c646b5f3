import FunctionContract
import HTTPServer
import Testing

@testable import ProviderSimulator

@Suite struct LanguageModelTests {
    @Test func textsWithWordsInCommonPointTheSameWay() {
        func vector(_ text: String) -> [Float] {
            Embeddings.vector(of: text, dimensions: 256)
        }
        func likeness(_ left: String, _ right: String) -> Float {
            zip(vector(left), vector(right)).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let question = "Quel est le prix du forfait ?"
        #expect(abs(likeness(question, question) - 1) < 1e-5)
        let near = likeness(question, "Le prix du forfait est de 5000 francs")
        #expect(near > likeness(question, "Nos bureaux ferment dimanche") + 0.2)
    }

    @Test(arguments: [(nil, 1536), (8, 8), (3072, 3072)] as [(Int?, Int)])
    func embedsWithAsManyDimensionsAsAsked(asked: Int?, expected: Int) throws {
        let dimensions = asked.map { #","dimensions":\#($0)"# } ?? ""
        let answer = try ask(
            "embeddings",
            #"{"model":"m","input":["a","b"]\#(dimensions)}"#
        )
        #expect(answer.json["data"]?.array?.count == 2)
        #expect(answer.json["data"]?[1]?["index"] == 1)
        #expect(answer.json["data"]?[0]?["embedding"]?.array?.count == expected)
    }

    @Test func embedsInBase64() throws {
        let json = #"{"model":"m","input":"a","dimensions":4,"encoding_format":"base64"}"#
        let text = try ask("embeddings", json).json["data"]?[0]?["embedding"]?.string
        #expect(Base64.decode(try #require(text))?.count == 16)
    }

    @Test func answersWithWhatWasSaid() throws {
        let json = #"""
            {"model": "m", "messages": [
              {"role": "system", "content": "Il pleut. Le forfait coûte 5000 francs. Merci."},
              {"role": "user", "content": [{"type": "text", "text": "Combien coûte le forfait ?"}]}]}
            """#
        let choice = try ask("chat/completions", json).json["choices"]?[0]
        #expect(choice?["message"]?["content"] == "Le forfait coûte 5000 francs.")
        #expect(choice?["finish_reason"] == "stop")
        let canned = try ask("chat/completions", json, #"{"completion": "Oui."}"#)
        #expect(canned.json["choices"]?[0]?["message"]?["content"] == "Oui.")
    }

    @Test func streamsTheSameAnswer() throws {
        let json = #"{"model":"m","stream":true,"messages":[{"role":"user","content":"a b c"}]}"#
        let answer = try ask("chat/completions", json)
        #expect(answer.headers["content-type"] == "text/event-stream")
        let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n\n")
        #expect(lines.last == "data: [DONE]")
        let words = lines.dropLast().compactMap { line in
            let json = try? JSONParser.parse(Array(line.dropFirst("data: ".count).utf8))
            return json?["choices"]?[0]?["delta"]?["content"]?.string
        }
        #expect(words.joined() == "a b c")
    }

    @Test(arguments: [
        ("embeddings", #"{"input":"a"}"#, 400), ("embeddings", #"{"model":"m"}"#, 400),
        ("embeddings", #"{"model":"m","input":"a","dimensions":0}"#, 400),
        ("chat/completions", #"{"model":"m","messages":[]}"#, 400),
        ("chat/completions", "x", 400),
    ])
    func refusesWhatItCannotUse(path: String, json: String, status: Int) throws {
        let answer = try ask(path, json)
        #expect(answer.status == status)
        #expect(answer.json["error"]?["type"] == "invalid_request_error")
    }

    @Test func wantsAKey() throws {
        let answer = LanguageModel.answer(to: Call("POST", "/v1/embeddings"), Scenario())
        #expect(answer?.status == 401)
        #expect(answer?.json["error"]?["code"] == "invalid_api_key")
        #expect(LanguageModel.answer(to: Call("GET", "/v1/messages"), Scenario()) == nil)
    }

    private func ask(
        _ path: String,
        _ json: String,
        _ rules: String = "{}"
    ) throws -> Answer {
        let call = Call(
            "POST",
            "/v1/\(path)",
            headers: ["authorization": "Bearer k"],
            body: Array(json.utf8)
        )
        return try #require(LanguageModel.answer(to: call, scenario(rules)))
    }
}
