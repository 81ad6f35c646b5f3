import EventLoop
import FunctionContract
import Testing

@testable import LocalRunner

@Suite struct FunctionDefinitionTests {
    private static let triggers = #""triggers": [{ "queue": { "name": "a" } }]"#

    @Test func onlyDeclaredVariablesReachTheFunction() throws {
        let definition = try Self.definition(
            #""environment": ["API_KEY", "EXTRA?", "EMPTY?"]"#,
            ["API_KEY": "k", "SECRET": "s", "EMPTY": "", "PATH": "/bin", "LOG_LEVEL": "debug"]
        )
        #expect(
            definition.command.environment == [
                "API_KEY": "k", "PATH": "/bin", "LOG_LEVEL": "debug", "FUNCTION_NAME": "shop",
                "FUNCTION_STREAM": "1",
            ]
        )
    }

    @Test func oneProcessPerEventIsToldNothingOfStreams() throws {
        let definition = try Self.definition(#""framing": "one-shot""#, [:])
        #expect(definition.command.environment == ["FUNCTION_NAME": "shop"])
    }

    @Test(arguments: [[:], ["API_KEY": ""]])
    func aVariableThatIsNeededMustBeSet(_ environment: [String: String]) {
        let sentence =
            "functions/shop/function.json: environment: API_KEY is needed and not set; export it or"
            + " put it into .env"
        #expect(throws: UsageError(sentence)) {
            try Self.definition(#""environment": ["API_KEY"]"#, environment)
        }
    }

    @Test func theCommandStandsInTheManifest() throws {
        let definition = try Self.definition(#""framing": "stream""#, [:])
        #expect(definition.command.executable == "python3")
        #expect(definition.command.arguments == ["-u", "main.py"])
        #expect(definition.command.workingDirectory?.hasSuffix("/functions/shop") == true)
    }

    @Test func anotherManifestOrEnvironmentIsAnotherFunction() throws {
        let sample = try Self.definition(#""timeoutSeconds": 5"#, ["LANG": "C"])
        #expect(try sample == Self.definition(#""timeoutSeconds": 5"#, ["LANG": "C"]))
        #expect(try sample != Self.definition(#""timeoutSeconds": 6"#, ["LANG": "C"]))
        #expect(try sample != Self.definition(#""timeoutSeconds": 5"#, ["LANG": "fr"]))
    }

    private static func definition(
        _ text: String,
        _ environment: [String: String]
    ) throws -> FunctionDefinition {
        let command = #""command": ["python3", "-u", "main.py"]"#
        return try FunctionDefinition(
            Sample.manifest("shop", "\(triggers), \(command), \(text)"),
            folder: "functions/shop",
            binaries: ".build/debug",
            environment: environment
        )
    }
}
