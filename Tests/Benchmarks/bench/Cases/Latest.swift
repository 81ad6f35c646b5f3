import Measurement

/// The latest values of things that are measured together, such as all functions in one database.
final class Latest {
    private var values: [String: Double] = [:]

    /// Contenders for a case in which a lower value is better. `ours` measures everything and is the
    /// worst of it; the variants, whose turn is later, are what was measured then.
    func contenders(
        _ names: [String],
        _ measure: @escaping (Plan) throws(Failure) -> [String: Double]
    ) -> [Contender] {
        let ours = Contender("ours", .ours) { plan throws(Failure) in
            self.values = try measure(plan)
            return self.values.values.max() ?? 0
        }
        return [ours]
            + names.map { name in
                Contender(name, .variant) { _ throws(Failure) in self.values[name] ?? 0 }
            }
    }
}
