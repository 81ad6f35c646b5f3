/// The number under a key of a flat line of JSON that one of our own programs wrote.
package func number(_ key: String, in line: String) -> Double? {
    let name = "\"\(key)\":"
    var rest = Substring(line)
    while !rest.isEmpty {
        if rest.hasPrefix(name) {
            return Double(rest.dropFirst(name.count).prefix { $0 != "," && $0 != "}" })
        }
        rest = rest.dropFirst()
    }
    return nil
}
