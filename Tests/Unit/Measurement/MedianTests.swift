import Measurement
import SeededRandom
import Testing

@Suite struct MedianTests {
    @Test(
        arguments: [
            ([3.0], 3.0),
            ([9, 1, 5], 5),
            ([4, 1, 3, 2], 2.5),
            ([1, 1, 1, 1000], 1),
        ] as [([Double], Double)]
    )
    func isTheMiddleOfTheSortedValues(values: [Double], expected: Double) {
        #expect(median(values) == expected)
    }

    @Test func doesNotDependOnTheOrder() {
        var generator = SystemRandomNumberGenerator()
        let seed = generator.next()
        var random = SeededRandom(seed: seed)
        for _ in 0..<200 {
            let values = (0..<Int.random(in: 1...20, using: &random)).map { _ in
                Double.random(in: 0...1, using: &random)
            }
            let shuffled = values.shuffled(using: &random)
            #expect(median(values) == median(shuffled), "seed \(seed)")
            #expect(values.count { $0 < median(values) } <= values.count / 2, "seed \(seed)")
        }
    }
}
