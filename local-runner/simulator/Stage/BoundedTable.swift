/// A dictionary with a limit: above it, the key that was added first is removed.
struct BoundedTable<Key: Hashable, Value> {
    private var values: [Key: Value] = [:]
    /// A ring buffer of the keys, in the order in which they were added.
    private var order: [Key] = []
    private var first = 0
    private let limit: Int

    init(limit: Int) {
        precondition(limit > 0, "a table needs room for one key")
        self.limit = limit
    }

    var count: Int { values.count }

    subscript(key: Key) -> Value? { values[key] }

    mutating func set(_ key: Key, to value: Value) {
        guard values.updateValue(value, forKey: key) == nil else { return }
        if order.count < limit { return order.append(key) }
        values[order[first]] = nil
        order[first] = key
        first = (first + 1) % limit
    }
}
