import Testing

@testable import FunctionRuntime

@Suite("Time limits of OpenFaaS")
struct GoDurationTests {
    @Test(
        "Whole seconds, or a duration as Go writes it",
        arguments: [
            ("30", 30_000), ("0", 0), ("30s", 30_000), ("1m30s", 90_000), ("500ms", 500),
            ("1.5s", 1500), ("2h", 7_200_000), ("0s", 0), ("250000us", 250), ("1m0.25s", 60_250),
        ]
    )
    func read(_ text: String, _ milliseconds: Int) {
        #expect(Duration(goDuration: text) == .milliseconds(milliseconds))
    }

    @Test(
        "Anything else is no limit",
        arguments: [
            "", " ", "s", "-5", "-5s", "5 s", "5x", "5s3", "1e3s", "..s", "99999999999999999999",
            "999999999999h", "infs", "nans", "٣s",
        ]
    )
    func refused(_ text: String) {
        #expect(Duration(goDuration: text) == nil)
    }
}
