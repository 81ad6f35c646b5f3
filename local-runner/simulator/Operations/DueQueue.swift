/// A priority queue by due time. Elements that are due at the same time come out in the order of
/// insertion.
struct DueQueue<Element> {
    private struct Entry {
        let due: UInt64
        let order: UInt64
        let element: Element

        func precedes(_ other: Entry) -> Bool {
            (due, order) < (other.due, other.order)
        }
    }

    // A binary heap: the parent of entry i is (i - 1) / 2, and precedes it.
    private var entries: [Entry] = []
    private var inserted: UInt64 = 0

    var count: Int { entries.count }

    /// The time at which the first element is due.
    var nextDue: UInt64? { entries.first?.due }

    mutating func insert(_ element: Element, due: UInt64) {
        inserted += 1
        entries.append(Entry(due: due, order: inserted, element: element))
        var place = entries.count - 1
        while place > 0, entries[place].precedes(entries[(place - 1) / 2]) {
            entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Removes and returns the first element that is due by `now`.
    mutating func next(at now: UInt64) -> Element? {
        guard let first = entries.first, first.due <= now else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            sink()
        }
        return first.element
    }

    mutating func removeAll() { entries = [] }

    private mutating func sink() {
        var place = 0
        while true {
            var first = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < entries.count && entries[child].precedes(entries[first]) {
                first = child
            }
            if first == place { return }
            entries.swapAt(place, first)
            place = first
        }
    }
}
