import Testing

@testable import LocalRunner

@Suite struct ExpositionTests {
    @Test func writesFamiliesAndSamples() {
        var page = Exposition()
        page.family("http_requests_total", "counter", "Requests answered.")
        page.sample("http_requests_total", [("function", "echo"), ("code", "200")], 3)
        page.sample("up", [], 1)
        page.sample("seconds", [("le", "+Inf")], 0.25)
        #expect(
            page.text == """
                # HELP http_requests_total Requests answered.
                # TYPE http_requests_total counter
                http_requests_total{function="echo",code="200"} 3
                up 1
                seconds{le="+Inf"} 0.25

                """
        )
    }

    @Test(
        arguments: [
            (#"a"b"#, #"a\"b"#), (#"a\b"#, #"a\\b"#), ("a\nb", #"a\nb"#), ("é{},=", "é{},="),
            ("\\\"\n", #"\\\"\n"#), ("", ""),
        ]
    )
    func escapesLabels(_ value: String, _ escaped: String) {
        var page = Exposition()
        page.sample("x", [("label", value)], 1)
        #expect(page.text == "x{label=\"\(escaped)\"} 1\n")
    }
}
