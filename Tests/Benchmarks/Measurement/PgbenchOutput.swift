/// Transactions in a second, as `pgbench` says it at its end.
package func transactionsPerSecond(inPgbenchOutput text: String) throws(Failure) -> Double {
    let line = text.split(separator: "\n").first { $0.hasPrefix("tps = ") }
    guard let value = line?.dropFirst("tps = ".count).prefix(while: { $0 != " " }),
        let perSecond = Double(value)
    else { throw Failure("pgbench printed \(text.isEmpty ? "nothing" : text)") }
    return perSecond
}
