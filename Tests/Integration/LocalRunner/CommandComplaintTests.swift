import FunctionContract
import Testing

/// Whoever calls it wrongly is told in one line what to do, with exit code 2.
@Suite("local-runner, wrongly called", .ownThread)
struct CommandComplaintTests {
    @Test(
        "Says what is wrong with the command line",
        arguments: [
            ("fly", #"no command "fly"; there are "#),
            ("serve --fast", #"serve: unknown option "--fast"; known are --port, --host, "#),
            ("dev --log loud", #"dev: --log: expected json or human, found "loud""#),
            ("serve --port 65536", "serve: --port: expected a number from 0 to 65535, found"),
            ("serve --port", "serve: --port needs a value, <number>"),
            ("dev --watch lost", "dev: --watch: there is no folder lost"),
            ("serve now", #"serve: unexpected "now" (try `local-runner serve --help`)"#),
            ("serve --only desk --host nowhere --port 0", "cannot listen on nowhere:0: "),
            ("serve --functions lost", #"no folder "lost" here; run this where the project is"#),
            ("serve --only ghost", #"no function "ghost" in functions; there are desk, swift"#),
            ("serve", "functions/swift: no executable at "),
            ("routes --json=1", "routes: --json takes no value"),
            ("invoke", "invoke: the function is missing (try `local-runner invoke --help`)"),
            ("invoke ghost", #"no function "ghost" in functions; there are desk, swift"#),
            ("invoke desk --event lost.json", "invoke: --event: cannot read lost.json"),
            (
                "invoke desk",
                "invoke: the event cannot be used: JSON, byte 0: "
            ),
            ("event", "event: http, schedule or queue is missing"),
            ("event rain", #"event: expected http, schedule or queue, found "rain""#),
            ("event http --path x", #"event: --path: expected a path that starts with "/""#),
            ("event http --method G@T", #"event: --method: expected a name such as POST, found"#),
            ("event http --name x", "event http takes no --name"),
            ("event queue --path /x", "event queue takes no --path"),
            ("event http --header x", #"event: --header: expected "name: value", found "x""#),
        ]
    )
    func words(_ words: String, _ sentence: String) throws {
        let project = try FunctionFolder(.desk(), SampleFunction("swift", nil))
        try check(words, sentence, in: project)
    }

    @Test(
        "Says which manifest is wrong and where",
        arguments: [
            ("{", "functions/shop/function.json: line 1, column 2: expected "),
            ("[]", "functions/shop/function.json: expected an object, found an array"),
            ("{}", "functions/shop/function.json: triggers: expected at least one of"),
            (#"{"trigger": []}"#, "functions/shop/function.json: trigger: unknown key; known are"),
            (
                #"{"triggers": [{ "http": { "method": "GET", "path": "shop" } }]}"#,
                #"functions/shop/function.json: triggers[0].http.path: expected a path that starts"#
            ),
            (
                #"{"triggers": [{ "queue": { "name": "a" } }], "timeoutSeconds": 0}"#,
                "functions/shop/function.json: timeoutSeconds: expected a whole number from 1 to"
            ),
            (
                #"{"triggers": [{ "queue": { "name": "a" } }], "command": ["./gone"]}"#,
                "functions/shop: no executable at "
            ),
            (
                #"{"triggers": [{ "queue": { "name": "a" } }], "environment": ["KEY"]}"#,
                "shop needs KEY, which is not set: export it or put it into .env"
            ),
            (
                #"{"triggers": [{ "schedule": { "cron": "* * * * *", "timezone": "Mars/X" } }]}"#,
                #"functions/shop/function.json: schedule shop-0: there is no timezone "Mars/X""#
            ),
            (
                """
                {
                  "triggers": [{ "queue": { "name": "a" } }], "environment": ["KEY"],
                  "command": ["cat"]
                }
                """,
                "shop needs KEY, which is not set: export it or put it into .env"
            ),
            (
                #"{"triggers": [{ "http": { "method": "GET", "path": "/_me" } }]}"#,
                "functions/shop/function.json: GET /_me: paths that start with /_ belong to the"
            ),
        ]
    )
    func manifests(_ manifest: String, _ sentence: String) throws {
        let project = try FunctionFolder(SampleFunction("shop", manifest: manifest))
        try check("serve --port 0", sentence, in: project)
    }

    @Test("Says which function has a route already")
    func sameRoute() throws {
        let manifest = """
            { "triggers": [{ "http": { "method": "ANY", "path": "/desk/{id}" } }] }
            """
        let project = try FunctionFolder(.desk(), SampleFunction("shop", manifest: manifest))
        let sentence = "functions/shop/function.json: ANY /desk/{id} is already the route of desk"
        try check("serve --port 0", sentence, in: project)
    }

    @Test("A folder without a manifest, or without functions")
    func folders() throws {
        let project = try FunctionFolder()
        let none = "no function in functions: each is a folder with function.json"
        try check("serve --port 0", none, in: project)
        try project.makeFolder("functions/shop")
        let missing =
            "functions/shop/function.json: missing; every folder in functions is a function"
        try check("serve --port 0", missing, in: project)
    }

    @Test(
        "Functions for development are served where RELAIS_ENV says development, and only there",
        arguments: [[:], ["RELAIS_ENV": ""], ["RELAIS_ENV": "production"]]
    )
    func development(_ environment: [String: String]) throws {
        let project = try FunctionFolder(.desk(#""developmentOnly": true"#))
        let run = try CommandRun(
            ["invoke", "desk"],
            in: project,
            environment: environment,
            input: Array("{}".utf8)
        )
        #expect(run.exit == .code(2))
        #expect(
            run.complaint == "local-runner: only functions for development in functions, and"
                + " RELAIS_ENV is not development\n"
        )
    }

    @Test("An environment that nobody knows is refused")
    func unknownEnvironment() throws {
        let run = try CommandRun(
            ["serve", "--port", "0"],
            in: try FunctionFolder(.desk()),
            environment: ["RELAIS_ENV": "prod"]
        )
        #expect(run.exit == .code(2))
        #expect(
            run.complaint
                == "local-runner: RELAIS_ENV: expected development or production, found \"prod\"\n"
        )
    }

    @Test("A missing secret stops the start; in development its functions are left out")
    func missingSecret() throws {
        let keys = #""environment": ["KEYS"]"#
        let needy = SampleFunction("needy", SampleFunction.desk().program, keys)
        let other = SampleFunction("other", SampleFunction.desk().program, keys)
        let project = try FunctionFolder(.desk(), needy, other)
        let sentence =
            "needy, other need KEYS, which is not set: export it or put it into .env"
            + " (see .env.example); RELAIS_ENV=development leaves out what cannot run"
        try check("serve --port 0", sentence, in: project)
        try check("serve --port 0 --only needy", "needy needs KEYS, which is not set", in: project)
        for (command, environment) in [
            ("serve", ["RELAIS_ENV": "development"]), ("dev", [:]),
        ] {
            let options = command == "dev" ? ["--build", "true"] : []
            let runner = try Runner(project, options, command: command, environment: environment)
            defer { runner.end() }
            #expect(runner.log.last?["functions"] == ["desk"])
            #expect(runner.messages.contains { $0.hasPrefix("needy is not served: it needs KEYS") })
        }
    }

    @Test("A token that could be guessed is refused")
    func shortToken() throws {
        let run = try CommandRun(
            ["serve", "--port", "0"],
            in: try FunctionFolder(.desk()),
            environment: ["RELAIS_OPERATOR_TOKEN": "s3cret"]
        )
        #expect(run.exit == .code(2))
        #expect(
            run.complaint.hasPrefix(
                "local-runner: RELAIS_OPERATOR_TOKEN: expected at least 16 characters"
            )
        )
    }

    @Test("A port in use, and a port that is no number")
    func ports() throws {
        let project = try FunctionFolder(.desk())
        let runner = try Runner(project)
        defer { runner.end() }
        let sentence = "port \(runner.port) on 127.0.0.1 is in use; stop what uses it or choose"
        try check("serve --port \(runner.port)", sentence, in: project)
        try check("dev --build true --port \(runner.port)", sentence, in: project)
        let run = try CommandRun(["serve"], in: project, environment: ["PORT": "http"])
        #expect(run.exit == .code(2))
        #expect(
            run.complaint
                == "local-runner: PORT: expected a number from 0 to 65535, found \"http\"\n"
        )
    }

    @Test("Help and version are no complaints")
    func help() throws {
        let project = try FunctionFolder(.desk())
        for words in [["--help"], ["help"], ["serve", "--help"], ["dev", "-h"], ["--version"]] {
            let run = try CommandRun(words, in: project)
            #expect(run.exit == .code(0))
            #expect(!run.output.isEmpty && run.complaint.isEmpty)
        }
        #expect(try CommandRun([], in: project).exit == .code(2))
    }

    private func check(
        _ words: String,
        _ sentence: String,
        in project: FunctionFolder,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let run = try CommandRun(words.split(separator: " ").map(String.init), in: project)
        #expect(run.exit == .code(2), sourceLocation: sourceLocation)
        #expect(run.output.isEmpty, sourceLocation: sourceLocation)
        let lines = run.complaint.split(separator: "\n").filter { !$0.hasPrefix("{") }
        #expect(lines.count == 1, "\(run.complaint)", sourceLocation: sourceLocation)
        #expect(
            lines.last?.hasPrefix("local-runner: " + sentence) == true,
            "\(run.complaint)",
            sourceLocation: sourceLocation
        )
    }
}
