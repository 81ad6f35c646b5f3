import Testing

@testable import LocalRunner

/// A rule of the pool as a story. Each line is a time, an event and, behind an arrow, exactly what
/// is done about it: `3 replied 1 → stop 1, start 2, send 7 to 2`. A call may say how long it is:
/// `3 arrived 7 2000`.
struct PoolScenario: CustomTestStringConvertible {
    let testDescription: String
    let rules: InstancePool.Rules
    let steps: [Step]

    struct Step {
        let time: Milliseconds
        let event: InstancePool.Event
        let actions: String
    }

    static let all = scaling + batches + ending + changing

    init(_ rule: String, _ lines: [String]) {
        self.init(rule, .sample(), lines)
    }

    init(_ rule: String, _ rules: InstancePool.Rules, _ lines: [String]) {
        testDescription = rule
        self.rules = rules
        steps = lines.map(Step.init)
    }
}

extension PoolScenario.Step {
    fileprivate init(_ line: String) {
        let sides = line.split(separator: " → ", maxSplits: 1)
        let words = sides[0].split(separator: " ")
        let numbers = words.dropFirst(2).compactMap { Int($0) }
        guard let time = Milliseconds(words[0]), let event = InstancePool.Event(words[1], numbers)
        else { preconditionFailure("no event: \(line)") }
        self.time = time
        self.event = event
        actions = sides.count > 1 ? String(sides[1]) : ""
    }
}

extension InstancePool.Event {
    fileprivate init?(_ name: Substring, _ numbers: [Int]) {
        switch (name, numbers.first) {
        case ("arrived", let call?): self = .arrived(call, bytes: numbers.dropFirst().first ?? 0)
        case ("replied", let instance?): self = .replied(instance)
        case ("misbehaved", let instance?): self = .misbehaved(instance)
        case ("exited", let instance?): self = .exited(instance)
        case ("cancelled", let call?): self = .cancelled(call)
        case ("wornOut", let instance?): self = .wornOut(instance)
        case ("tick", nil): self = .tick
        case ("replace", nil): self = .replace
        case ("drain", nil): self = .drain
        default: return nil
        }
    }
}

extension InstancePool.Action {
    /// The action as a scenario writes it.
    var words: String {
        switch self {
        case .start(let instance): "start \(instance)"
        case .send(let calls, let instance):
            "send \(calls.map { "\($0)" }.joined(separator: "+")) to \(instance)"
        case .refuse(let call, let refusal): "refuse \(call) \(refusal)"
        case .fail(let call, let failure): "fail \(call) \(failure)"
        case .stop(let instance): "stop \(instance)"
        case .terminate(let instance): "terminate \(instance)"
        case .kill(let instance): "kill \(instance)"
        }
    }
}

extension InstancePool.Rules {
    /// Two instances, two waiting calls; an event has 1 s, an idle instance 10 s.
    static func sample(_ change: (inout Self) -> Void = { _ in }) -> Self {
        var rules = Self(Sample.manifest())
        rules.max = 2
        rules.prewarmed = 0
        rules.queueLimit = 2
        rules.queueTime = 500
        rules.timeout = 1_000
        rules.idleTime = 10_000
        rules.recycleAfter = 100
        change(&rules)
        return rules
    }
}
