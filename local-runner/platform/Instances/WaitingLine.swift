/// The queue of calls without an instance, first in, first out. Each call has a time limit.
struct WaitingLine {
    private var entries: [(call: Int, bytes: Int, until: Milliseconds)] = []
    private var first = 0
    /// The bytes of all waiting calls.
    private(set) var bytes = 0

    var count: Int { entries.count - first }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ call: Int, bytes: Int = 0, until deadline: Milliseconds) {
        entries.append((call, bytes, deadline))
        self.bytes += bytes
    }

    /// Removes the first calls, up to a number and a total of bytes, and at least one.
    mutating func popFirst(_ most: Int, bytes limit: Int = .max) -> [Int] {
        var bytes = 0
        let calls = entries[first...].prefix(most).prefix { entry in
            let isFirst = bytes == 0
            bytes += max(entry.bytes, 1)
            return isFirst || bytes <= limit
        }.map(\.call)
        advance(calls.count)
        return calls
    }

    /// All calls have the same time limit, so the first in the queue expires first.
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
        bytes -= entries.remove(at: index).bytes
    }

    /// The space before `first` is freed in one step once it is most of the array.
    private mutating func advance(_ count: Int) {
        for entry in entries[first..<first + count] { bytes -= entry.bytes }
        first += count
        if first > 64, first * 2 > entries.count {
            entries.removeFirst(first)
            first = 0
        }
    }
}
