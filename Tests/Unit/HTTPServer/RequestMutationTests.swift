import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(60))) struct RequestMutationTests {
    /// Every input ends in requests, in a refusal or in a wait for more. Bytes that come in two
    /// pieces end in the same.
    @Test func everyMutatedRequestGetsOneDecision() {
        let seed: UInt64 = 20_261_120
        var mutations = RequestMutations(seed: seed)
        var accepted = 0
        var refused = 0
        for round in 0..<200_000 {
            let bytes = mutations.next()
            let whole = decisions(on: [bytes])
            let split = mutations.below(bytes.count + 1)
            let parts = decisions(on: [Array(bytes[..<split]), Array(bytes[split...])])
            guard whole == parts, isSound(whole) else {
                Issue.record("seed \(seed), round \(round), split \(split): \(bytes)")
                return
            }
            if whole.last?.status == nil { accepted += 1 } else { refused += 1 }
        }
        #expect(accepted > 20_000, "seed \(seed)")
        #expect(refused > 20_000, "seed \(seed)")
    }

    private func isSound(_ decisions: [Decision]) -> Bool {
        decisions.allSatisfy { decision in
            switch decision {
            case .failed(let failure): (400...505).contains(failure.status)
            case .request(let request):
                request.target.utf8.allSatisfy { (0x21...0x7E).contains($0) }
                    && request.headers.allSatisfy { isSound($0.name) && isSound($0.value) }
                    && request.path.hasPrefix("/") || request.target == "*"
            }
        }
    }

    private func isSound(_ text: String) -> Bool {
        !text.utf8.contains { $0 == 0 || $0 == 10 || $0 == 13 }
    }
}
