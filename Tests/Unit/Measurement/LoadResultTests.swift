import Measurement
import Testing

@Suite struct LoadResultTests {
    private func line(requests: Int = 10, errors: Int = 0, refusals: Int = 0) -> String {
        """
        {"requests":\(requests),"seconds":2.000,"per_second":5.0,"p50_us":319.5,"p99_us":606.2,\
        "max_us":3465.0,"errors":\(errors),"non_2xx":\(refusals),"all_requests":\(requests + 2)}

        """
    }

    @Test func readsTheLineOfTheLoadGenerator() throws {
        let result = try LoadResult(parsing: line())
        #expect(result.perSecond == 5)
        #expect(result.medianMicroseconds == 319.5)
        #expect(result.slowMicroseconds == 606.2)
        #expect(result.slowestMicroseconds == 3465)
        #expect(result.answers == 12)
    }

    @Test func refusesALoadThatWentWrong() {
        #expect(throws: Failure("10 requests, 1 errors, 0 answers not 2xx")) {
            try LoadResult(parsing: line(errors: 1))
        }
        #expect(throws: Failure("10 requests, 0 errors, 3 answers not 2xx")) {
            try LoadResult(parsing: line(refusals: 3))
        }
        #expect(throws: Failure.self) { try LoadResult(parsing: line(requests: 0)) }
        #expect(throws: Failure("the load generator printed nothing")) {
            try LoadResult(parsing: "")
        }
    }
}
