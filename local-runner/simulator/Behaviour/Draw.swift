import Glibc

/// The random values of one send. Each question has one answer, independent of all other questions
/// and their order. Two scenarios with the same seed differ only where their rules differ.
struct Draw {
    /// The random questions about a send or a person. A raw value must not change, because the
    /// results of a seed depend on it.
    enum Question: UInt64 {
        case fate = 1
        case taken, latency, absent, failure
        case sent, delivered, read, isDelivered, isRead
        case duplicate, duplicateDelay, disorder, early
        case replies, replyDelay, replyKind, replyWords
        case approval, approvalDelay, name
    }

    private let key: UInt64

    /// The random values of the `attempt`-th send to `recipient`.
    init(seed: UInt64, recipient: String, attempt: Int) {
        key = mix(mix(seed) ^ hash(recipient) &+ UInt64(truncatingIfNeeded: attempt) &* 0x9E37_79B9)
    }

    /// The random values of a person, a template or a number, equal for every request.
    init(seed: UInt64, about name: String) {
        self.init(seed: seed, recipient: name, attempt: -1)
    }

    /// At least 0 and less than 1.
    func unit(_ question: Question) -> Double {
        Double(mix(key ^ question.rawValue &* 0xD6E8_FEB8_6659_FD93) >> 11) * 0x1p-53
    }

    func happens(_ question: Question, share: Double) -> Bool { unit(question) < share }

    func index(_ question: Question, below count: Int) -> Int {
        Int(unit(question) * Double(count))
    }

    /// A sample of the standard normal distribution (Box and Muller).
    func normal(_ question: Question) -> Double {
        let second = Double(mix(key &+ question.rawValue &* 0xA24B_AED4_963E_E407) >> 11) * 0x1p-53
        return sqrt(-2 * log(1 - unit(question))) * cos(2 * Double.pi * second)
    }
}

/// The finaliser of SplitMix64: each input bit changes half of the output bits on average.
func mix(_ value: UInt64) -> UInt64 {
    var mixed = value &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
}

/// FNV-1a. Unlike Swift's own hashes, it is the same in every run.
func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}
