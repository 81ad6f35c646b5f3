/// Calls that wait for an instance, first come first served, each until its own time is up.
struct WaitingLine {
    private var entries: [(call: Int, bytes: Int, until: Milliseconds)] = []
    private var first = 0
    /// The length of all that wait.
    private(set) var bytes = 0

    var count: Int { entries.count - first }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ call: Int, bytes: Int = 0, until deadline: Milliseconds) {
        entries.append((call, bytes, deadline))
        self.bytes += bytes
    }

    /// The first in line, up to a number and a length in all: at least one of them.
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
        bytes -= entries.remove(at: index).bytes
    }

    /// The space before `first` is given back in one move once it is most of the array.
    private mutating func advance(_ count: Int) {
        for entry in entries[first..<first + count] { bytes -= entry.bytes }
        first += count
        if first > 64, first * 2 > entries.count {
            entries.removeFirst(first)
            first = 0
        }
    }
}
