import SeededRandom
import Testing

@testable import LocalRunner

@Suite struct WaitingLineTests {
    @Test func firstComeFirstServed() {
        var line = WaitingLine()
        for call in 1...3 { line.append(call, until: 100) }
        #expect(line.count == 3)
        let served = (1...4).map { _ in line.popFirst(1) }
        #expect(served == [[1], [2], [3], []])
        #expect(line.isEmpty)
    }

    @Test func givesUpThoseWhoseTimeIsUp() {
        var line = WaitingLine()
        for call in 1...3 { line.append(call, until: Milliseconds(100 * call)) }
        #expect(line.popExpired(99) == [])
        #expect(line.popExpired(200) == [1, 2])
        #expect(line.count == 1)
        #expect(line.popExpired(.max) == [3])
    }

    @Test func knowsHowLongItIs() {
        var line = WaitingLine()
        for call in 1...4 { line.append(call, bytes: call, until: Milliseconds(100 * call)) }
        #expect(line.bytes == 10)
        _ = line.popFirst(1)
        #expect(line.bytes == 9)
        line.remove(3)
        #expect(line.bytes == 6)
        _ = line.popExpired(200)
        #expect(line.bytes == 4)
    }

    @Test func whoLeavesIsForgottenAndAStrangerIsNoError() {
        var line = WaitingLine()
        for call in 1...4 { line.append(call, until: 100) }
        _ = line.popFirst(1)
        line.remove(1)
        line.remove(3)
        line.remove(3)
        #expect(line.count == 2)
        #expect(line.popFirst(3) == [2, 4])
        line.remove(4)
        #expect(line.isEmpty)
    }

    @Test func behavesAsAnArrayWould() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        var line = WaitingLine()
        var model: [(call: Int, until: Milliseconds)] = []
        var now: Milliseconds = 0
        for call in 0..<20_000 {
            now += random.next() % 3
            switch random.next() % 8 {
            case 0..<4:
                line.append(call, until: now + 400)
                model.append((call, now + 400))
            case 4, 5:
                let most = Int(random.next() % 3)
                #expect(line.popFirst(most) == model.prefix(most).map(\.call))
                model.removeFirst(min(most, model.count))
            case 6:
                let gone = model.randomElement(using: &random)?.call ?? -1
                line.remove(gone)
                model.removeAll { $0.call == gone }
            default:
                #expect(line.popExpired(now) == model.filter { $0.until <= now }.map(\.call))
                model.removeAll { $0.until <= now }
            }
            guard line.count == model.count else {
                Issue.record("seed \(seed): \(line.count) wait, not \(model.count)")
                return
            }
        }
    }
}
