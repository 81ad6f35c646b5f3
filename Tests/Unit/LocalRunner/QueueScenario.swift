import Testing

@testable import LocalRunner

/// A rule of the trigger as a story. Each line is a time, an event and, behind an arrow, how many
/// calls are started: `0 depth 5 → 3`.
struct QueueScenario: CustomTestStringConvertible {
    let testDescription: String
    let max: Int
    let steps: [Step]

    struct Step {
        let time: Milliseconds
        let event: QueueTrigger.Event
        let calls: Int
    }

    init(_ rule: String, max: Int = 3, _ lines: String...) {
        testDescription = rule
        self.max = max
        steps = lines.map(Step.init)
    }
}

extension QueueScenario.Step {
    init(_ line: String) {
        let words = line.split(separator: " ").map(String.init)
        let numbers = words.dropFirst(2).compactMap { Int($0) }
        guard let time = Milliseconds(words[0]), words.dropLast().last == "→",
            let calls = numbers.last, let event = QueueTrigger.Event(words[1], numbers.dropLast())
        else { preconditionFailure("no step: \(line)") }
        self.time = time
        self.event = event
        self.calls = calls
    }
}

extension QueueTrigger.Event {
    init?(_ word: String, _ numbers: ArraySlice<Int>) {
        switch (word, numbers.first, numbers.dropFirst().first) {
        case ("hint", nil, nil): self = .hint
        case ("tick", nil, nil): self = .tick
        case ("failed", nil, nil): self = .failed
        case ("depth", let ready?, nil): self = .depth(ready)
        case ("finished", let processed?, let remaining?):
            self = .finished(processed: processed, remaining: remaining)
        default: return nil
        }
    }
}

extension QueueScenario {
    static let all = [
        QueueScenario("a hint calls at once", "0 hint → 1"),
        QueueScenario(
            "hints during a call are one call after it",
            "0 hint → 1",
            "1 hint → 0",
            "2 hint → 0",
            "3 finished 1 0 → 1",
            "4 finished 1 0 → 0"
        ),
        QueueScenario(
            "a call that lasts holds new work up for a second only",
            "0 hint → 1",
            "5 hint → 0",
            "1004 tick → 0",
            "1005 tick → 1",
            "1006 hint → 0",
            "2006 tick → 1",
            "2007 hint → 0",
            "9000 tick → 0",
            "9001 finished 1 0 → 1"
        ),
        QueueScenario(
            "a depth calls as often as there are tasks",
            "0 depth 2 → 2",
            "1 depth 2 → 0",
            "2 depth 3 → 1"
        ),
        QueueScenario(
            "never more calls than the function may have",
            "0 depth 100 → 3",
            "1 depth 100 → 0",
            "2 hint → 0",
            "3 finished 5 0 → 1"
        ),
        QueueScenario("nothing to do is no call", "0 depth 0 → 0", "1 tick → 0"),
        QueueScenario(
            "a batch that left work behind is followed at once",
            "0 hint → 1",
            "9 finished 5 5 → 1",
            "19 finished 5 0 → 0"
        ),
        QueueScenario(
            "one that left more than another batch brings company",
            "0 hint → 1",
            "9 finished 5 6 → 2",
            "19 finished 5 6 → 2",
            "20 finished 5 6 → 1"
        ),
        QueueScenario(
            "one that did nothing is not followed, whatever it left",
            "0 hint → 1",
            "9 finished 0 5 → 0",
            "10 tick → 0",
            "200 tick → 0",
            "201 depth 5 → 3"
        ),
        QueueScenario(
            "a queue that wakes itself and does nothing rests 0.1, 0.2, 0.4 and 0.5 s",
            "0 hint → 1",
            "5 hint → 0",
            "10 finished 0 0 → 0",
            "109 tick → 0",
            "110 tick → 1",
            "115 hint → 0",
            "120 finished 0 0 → 0",
            "319 tick → 0",
            "320 tick → 1",
            "325 hint → 0",
            "330 finished 0 0 → 0",
            "729 hint → 0",
            "730 tick → 1",
            "735 hint → 0",
            "740 finished 0 0 → 0",
            "1239 tick → 0",
            "1240 tick → 1",
            "1245 hint → 0",
            "1250 finished 0 0 → 0",
            "1749 tick → 0",
            "1750 tick → 1",
            "1755 hint → 0",
            "1760 finished 1 0 → 1",
            "1765 hint → 0",
            "1770 finished 0 0 → 0",
            "1869 tick → 0",
            "1870 tick → 1"
        ),
        QueueScenario(
            "after a failure one call finds out, and all come back when it did something",
            "0 depth 9 → 3",
            "10 failed → 0",
            "11 failed → 0",
            "12 failed → 0",
            "900 depth 9 → 0",
            "1009 hint → 0",
            "1010 depth 9 → 1",
            "1011 depth 9 → 0",
            "1012 finished 1 0 → 0",
            "1013 depth 9 → 3"
        ),
        QueueScenario(
            "failures double the wait",
            "0 hint → 1",
            "0 failed → 0",
            "999 tick → 0",
            "1000 tick → 1",
            "1000 failed → 0",
            "2999 tick → 0",
            "3000 tick → 1",
            "3000 failed → 0",
            "6999 tick → 0",
            "7000 tick → 1"
        ),
        QueueScenario(
            "a call that failed is tried again though nobody tells of it",
            "0 hint → 1",
            "5 failed → 0",
            "1005 tick → 1",
            "1010 finished 1 0 → 0",
            "1011 tick → 0"
        ),
        QueueScenario(
            "a hint during the wait is kept",
            "0 hint → 1",
            "5 finished 0 0 → 0",
            "6 hint → 0",
            "104 tick → 0",
            "105 tick → 1"
        ),
    ]
}
