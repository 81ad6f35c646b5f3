import Measurement
import Testing

@Suite struct PostgresTextTests {
    @Test func readsTheRateThatPgbenchPrints() throws {
        let output = """
            number of failed transactions: 0 (0.000%)
            latency average = 3.1 ms
            tps = 2527.373756 (without initial connection time)

            """
        #expect(try transactionsPerSecond(inPgbenchOutput: output) == 2527.373756)
    }

    @Test(arguments: ["", "pgbench: error: no such table", "tps = many (without)"])
    func refusesOutputWithoutARate(output: String) {
        #expect(throws: Failure.self) { try transactionsPerSecond(inPgbenchOutput: output) }
    }

    @Test func readsTheSettingsOfTheDatabaseScript() throws {
        let script = """
            login=relais_app

            settings=(
                shared_buffers=256MB jit=off
                timezone=UTC
            )

            main() {
            """
        #expect(
            try databaseSettings(inScript: script)
                == ["shared_buffers=256MB", "jit=off", "timezone=UTC"]
        )
    }

    @Test(arguments: ["", "settings=()\n", "settings=(\n    # none\n)\n"])
    func refusesAScriptThatHasNone(script: String) {
        #expect(throws: Failure.self) { try databaseSettings(inScript: script) }
    }
}
