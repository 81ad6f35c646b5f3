/// A value for a person: three digits that say something, and no more decimals than needed.
func figure(_ value: Double) -> String {
    var scale = 1.0
    while abs(value) * scale < 100, scale < 1000 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    guard let whole = Int(exactly: rounded) else { return "\(rounded)" }
    return "\(whole)"
}
