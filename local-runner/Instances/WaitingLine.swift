/// Calls that wait for an instance, first come first served, each until its own time is up.
struct WaitingLine {
    private var entries: [(call: Int, until: Milliseconds)] = []
    private var first = 0

    var count: Int { entries.count - first }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ call: Int, until deadline: Milliseconds) {
        entries.append((call, deadline))
    }

    mutating func popFirst(_ most: Int) -> [Int] {
        let calls = entries[first...].prefix(most).map(\.call)
        advance(calls.count)
        return calls
    }

    /// Every call waits equally long, so the first in line is the first to give up.
    mutating func popExpired(_ now: Milliseconds) -> [Int] {
        var expired: [Int] = []
        while first < entries.count, entries[first].until <= now {
            expired.append(entries[first].call)
            advance(1)
        }
        return expired
    }

    mutating func remove(_ call: Int) {
        guard let index = entries[first...].firstIndex(where: { $0.call == call }) else { return }
        entries.remove(at: index)
    }

    /// The space before `first` is given back in one move once it is most of the array.
    private mutating func advance(_ count: Int) {
        first += count
        if first > 64, first * 2 > entries.count {
            entries.removeFirst(first)
            first = 0
        }
    }
}
