/// What one run of the load generator saw.
package struct LoadResult: Equatable, Sendable {
    package let perSecond: Double
    package let medianMicroseconds: Double
    /// What one answer of a hundred takes longer than.
    package let slowMicroseconds: Double
    package let slowestMicroseconds: Double
    /// Answers, with those of the warm-up.
    package let answers: Int

    /// Reads the line that `bench-load` prints; a load with an error or refusal is no measurement.
    package init(parsing line: String) throws(Failure) {
        guard let perSecond = number("per_second", in: line),
            let medianMicroseconds = number("p50_us", in: line),
            let slowMicroseconds = number("p99_us", in: line),
            let slowestMicroseconds = number("max_us", in: line),
            let answers = number("all_requests", in: line),
            let requests = number("requests", in: line),
            let errors = number("errors", in: line),
            let refusals = number("non_2xx", in: line)
        else { throw Failure("the load generator printed \(line.isEmpty ? "nothing" : line)") }
        guard requests > 0, errors == 0, refusals == 0 else {
            throw Failure(
                "\(Int(requests)) requests, \(Int(errors)) errors, \(Int(refusals)) answers not 2xx"
            )
        }
        self.perSecond = perSecond
        self.medianMicroseconds = medianMicroseconds
        self.slowMicroseconds = slowMicroseconds
        self.slowestMicroseconds = slowestMicroseconds
        self.answers = Int(answers)
    }
}
