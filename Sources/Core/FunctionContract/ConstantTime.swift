/// Compares two secrets in a time that does not reveal where they differ.
package func isEqualInConstantTime(_ left: String, _ right: String) -> Bool {
    let left = Array(left.utf8)
    let right = Array(right.utf8)
    var difference = left.count ^ right.count
    for index in 0..<min(left.count, right.count) {
        difference |= Int(left[index] ^ right[index])
    }
    return difference == 0
}
