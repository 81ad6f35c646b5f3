import Testing

@testable import FunctionContract

@Suite struct ManifestTests {
    @Test func readsAllThatItKnows() throws {
        let manifest = try read(
            #"""
            {
                "description": "Receives what providers report.",
                "triggers": [
                    { "http": { "method": "POST", "path": "/webhooks/{provider}" } },
                    { "schedule": { "name": "nightly", "cron": "0 3 * * *", "timezone": "Europe/Paris" } },
                    { "schedule": { "cron": "*/5 * * * *" } },
                    { "queue": { "name": "send-batch-2" } }
                ],
                "timeoutSeconds": 60,
                "memoryMegabytes": 256,
                "bodyMegabytes": 3,
                "concurrency": {
                    "max": 8, "batch": 16, "prewarmed": 2, "queue": 50, "queueSeconds": 5, "idleSeconds": 30,
                    "recycleAfter": 1000
                },
                "environment": ["DATABASE_URL", "_PROXY_2?"],
                "framing": "one-shot",
                "command": ["python3", "hello.py"],
                "developmentOnly": true
            }
            """#
        )
        #expect(manifest.name == "hello")
        #expect(manifest.description == "Receives what providers report.")
        let route = try RoutePattern(method: "POST", path: "/webhooks/{provider}")
        #expect(manifest.routes == [route])
        #expect(
            manifest.triggers == [
                .http(route),
                .schedule(try schedule("nightly", "0 3 * * *", "Europe/Paris")),
                .schedule(try schedule("hello-2", "*/5 * * * *", "UTC")),
                .queue("send-batch-2"),
            ]
        )
        #expect(manifest.timeoutSeconds == 60)
        #expect(manifest.memoryMegabytes == 256)
        #expect(manifest.bodyMegabytes == 3)
        let concurrency = manifest.concurrency
        #expect([concurrency.max, concurrency.batch, concurrency.prewarmed] == [8, 16, 2])
        #expect(concurrency.queue == 50)
        #expect(
            [concurrency.queueSeconds, concurrency.idleSeconds, concurrency.recycleAfter] == [
                5, 30, 1000,
            ]
        )
        #expect(manifest.environment.map(\.name) == ["DATABASE_URL", "_PROXY_2"])
        #expect(manifest.environment.map(\.required) == [true, false])
        #expect(manifest.framing == .oneShot)
        #expect(manifest.command == ["python3", "hello.py"])
        #expect(manifest.developmentOnly)
    }

    @Test func aTriggerIsEnough() throws {
        let manifest = try read(#"{"triggers":[{"queue":{"name":"a"}}]}"#)
        #expect(manifest.description == "")
        #expect(manifest.timeoutSeconds == 10)
        #expect(manifest.memoryMegabytes == 128)
        #expect(manifest.bodyMegabytes == 6)
        #expect(manifest.concurrency == Concurrency())
        #expect(manifest.environment.isEmpty)
        #expect(manifest.framing == .stream)
        #expect(manifest.command.isEmpty)
        #expect(!manifest.developmentOnly)
    }

    @Test(arguments: [
        ("", "line 1, column 1: expected a JSON value, but the text ends"),
        (
            "{\n  \"triggers\": []\n  \"framing\": 1\n}",
            "line 3, column 3: expected a comma or the closing bracket"
        ),
        ("{\n  \"é\": [1,\n    2,]\n}", "line 3, column 7: expected a JSON value"),
        ("{\"description\": \"é", "line 1, column 19: expected a closing quote, but the text ends"),
        ("{}\n\nx", "line 3, column 1: expected the end of the JSON text"),
    ])
    func saysWhereItStopsBeingJSON(text: String, problem: String) {
        expectError(text, "functions/hello/function.json: \(problem)")
    }

    private static let problems = [
        ("[]", "expected an object, found an array"), ("null", "expected an object, found null"),
        ("{}", "triggers: \(noTrigger)"), (#"{"triggers":[]}"#, "triggers: \(noTrigger)"),
        (#"{"triggers":{}}"#, "triggers: expected an array, found an object"),
        (#"{"triggers":null}"#, "triggers: expected an array, found null"),
        (#"{"triggers":[1]}"#, "triggers[0]: expected an object, found a number"),
        (#"{"triggers":[{}]}"#, "triggers[0]: expected exactly one of http, schedule, queue"),
        (
            #"{"triggers":[{"queue":{"name":"a"},"http":{}}]}"#,
            "triggers[0]: expected exactly one of http, schedule, queue"
        ),
        (
            #"{"triggers":[{"queue":{"name":"a"}},{"topic":{}}]}"#,
            "triggers[1].topic: unknown key; known are http, schedule, queue"
        ),
        (#"{"triggers":[{"queue":"a"}]}"#, "triggers[0].queue: expected an object, found a string"),
        (#"{"triggers":[{"queue":{}}]}"#, "triggers[0].queue.name: expected, but missing"),
        (
            #"{"triggers":[{"queue":{"name":""}}]}"#,
            "triggers[0].queue.name: expected a string that is not empty, found a string"
        ),
        (
            #"{"triggers":[{"queue":{"name":"Send_Batch"}}]}"#,
            "triggers[0].queue.name: expected lower-case letters, digits and dashes"
        ),
        (
            #"{"triggers":[{"queue":{"name":"a","fifo":1}}]}"#,
            "triggers[0].queue.fifo: unknown key; known are name"
        ),
        (
            #"{"triggers":[{"http":{"path":"/"}}]}"#,
            "triggers[0].http.method: expected, but missing"
        ),
        (
            #"{"triggers":[{"http":{"method":"GET"}}]}"#,
            "triggers[0].http.path: expected, but missing"
        ),
        (
            #"{"triggers":[{"http":{"method":1,"path":"/"}}]}"#,
            "triggers[0].http.method: expected a string that is not empty, found a number"
        ),
        (
            #"{"triggers":[{"http":{"method":"get","path":"/"}}]}"#,
            "triggers[0].http.method: expected one of ANY, GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
        ),
        (
            #"{"triggers":[{"http":{"method":"GET","path":"a"}}]}"#,
            "triggers[0].http.path: expected a path that starts with \"/\""
        ),
        (
            #"{"triggers":[{"http":{"method":"GET","path":"/","host":"x"}}]}"#,
            "triggers[0].http.host: unknown key; known are method, path"
        ),
        (#"{"triggers":[{"schedule":{}}]}"#, "triggers[0].schedule.cron: expected, but missing"),
        (
            #"{"triggers":[{"schedule":{"cron":"* *"}}]}"#,
            "triggers[0].schedule.cron: expected five cron fields (minute hour day month weekday), found 2"
        ),
        (
            #"{"triggers":[{"schedule":{"cron":"0 0 30 2 *"}}]}"#,
            "triggers[0].schedule.cron: never fires: no month it names has day 30"
        ),
        (
            #"{"triggers":[{"schedule":{"cron":"@daily","timezone":1}}]}"#,
            "triggers[0].schedule.timezone: expected a string that is not empty, found a number"
        ),
        (
            #"{"triggers":[{"schedule":{"cron":"@daily","tz":"UTC"}}]}"#,
            "triggers[0].schedule.tz: unknown key; known are name, cron, timezone, catchUpMinutes,"
                + " mayOverlap"
        ),
    ]

    private static let noTrigger =
        #"expected at least one of {"http": …}, {"schedule": …}, {"queue": …}"#

    private static let problemsBesideATrigger = [
        (
            #""timeout":1"#,
            "timeout: unknown key; known are description, triggers, timeoutSeconds, memoryMegabytes, bodyMegabytes, concurrency, environment, framing, command, developmentOnly"
        ),
        (#""framing":"stream","framing":"one-shot""#, "framing: expected once, found twice"),
        (#""description":1"#, "description: expected a string that is not empty, found a number"),
        (#""timeoutSeconds":0"#, "timeoutSeconds: expected a whole number from 1 to 900, found 0"),
        (
            #""timeoutSeconds":901"#,
            "timeoutSeconds: expected a whole number from 1 to 900, found 901"
        ),
        (
            #""timeoutSeconds":1.5"#,
            "timeoutSeconds: expected a whole number from 1 to 900, found a number"
        ),
        (
            #""timeoutSeconds":"10""#,
            "timeoutSeconds: expected a whole number from 1 to 900, found a string"
        ),
        (
            #""memoryMegabytes":8"#,
            "memoryMegabytes: expected a whole number from 16 to 10240, found 8"
        ),
        (#""bodyMegabytes":7"#, "bodyMegabytes: expected a whole number from 1 to 6, found 7"),
        (#""concurrency":4"#, "concurrency: expected an object, found a number"),
        (
            #""concurrency":{"min":4}"#,
            "concurrency.min: unknown key; known are max, batch, prewarmed, queue, queueSeconds, idleSeconds, recycleAfter"
        ),
        (
            #""concurrency":{"max":0}"#,
            "concurrency.max: expected a whole number from 1 to 1000, found 0"
        ),
        (
            #""concurrency":{"max":2,"prewarmed":3}"#,
            "concurrency.prewarmed: expected a whole number from 0 to 2, found 3"
        ),
        (
            #""concurrency":{"prewarmed":5}"#,
            "concurrency.prewarmed: expected a whole number from 0 to 4, found 5"
        ),
        (
            #""concurrency":{"queue":-1}"#,
            "concurrency.queue: expected a whole number from 0 to 100000, found -1"
        ),
        (
            #""concurrency":{"queueSeconds":0}"#,
            "concurrency.queueSeconds: expected a whole number from 1 to 900, found 0"
        ),
        (
            #""concurrency":{"idleSeconds":null}"#,
            "concurrency.idleSeconds: expected a whole number from 1 to 86400, found null"
        ),
        (
            #""concurrency":{"recycleAfter":true}"#,
            "concurrency.recycleAfter: expected a whole number from 1 to 1000000000, found a boolean"
        ),
        (#""environment":"A""#, "environment: expected an array of strings, found a string"),
        (#""environment":["A",1]"#, "environment[1]: expected a string that is not empty"),
        (#""environment":[""]"#, "environment[0]: expected a string that is not empty"),
        (#""environment":["?"]"#, "environment[0]: \(wrongVariable)"),
        (#""environment":["A=1"]"#, "environment[0]: \(wrongVariable)"),
        (#""environment":["1A"]"#, "environment[0]: \(wrongVariable)"),
        (#""environment":["A??"]"#, "environment[0]: \(wrongVariable)"),
        (#""environment":["É"]"#, "environment[0]: \(wrongVariable)"),
        (#""framing":"lines""#, "framing: expected \"stream\" or \"one-shot\", found \"lines\""),
        (#""framing":true"#, "framing: expected a string that is not empty, found a boolean"),
        (#""command":"sh""#, "command: expected an array of strings, found a string"),
        (#""command":["sh",""]"#, "command[1]: expected a string that is not empty"),
        (#""developmentOnly":"yes""#, "developmentOnly: expected true or false, found a string"),
    ]

    private static let wrongVariable =
        "expected a name of letters, digits and _, with ? after it if optional"

    @Test(arguments: problems) func refuses(text: String, problem: String) {
        expectError(text, "functions/hello/function.json: \(problem)")
    }

    @Test(arguments: problemsBesideATrigger) func refusesMember(member: String, problem: String) {
        let text = #"{"triggers":[{"queue":{"name":"a"}}],\#(member)}"#
        expectError(text, "functions/hello/function.json: \(problem)")
    }

    @Test(arguments: [
        #""timeoutSeconds":1"#, #""timeoutSeconds":900"#, #""memoryMegabytes":16"#,
        #""memoryMegabytes":10240"#,
        #""concurrency":{"max":1,"prewarmed":1,"queue":0}"#,
        #""concurrency":{"max":1000,"queue":100000}"#,
        #""concurrency":{}"#, #""environment":[]"#, #""command":[]"#, #""framing":"stream""#,
    ])
    func acceptsTheLimits(member: String) throws {
        _ = try read(#"{"triggers":[{"queue":{"name":"a"}}],\#(member)}"#)
    }

    private func read(_ text: String) throws(ManifestError) -> Manifest {
        try Manifest(Array(text.utf8), name: "hello", file: "functions/hello/function.json")
    }

    private func expectError(_ text: String, _ message: String) {
        do throws(ManifestError) {
            _ = try read(text)
            Issue.record("accepted, expected: \(message)")
        } catch {
            #expect(error.description == message)
        }
    }

    private func schedule(
        _ name: String,
        _ cron: String,
        _ timezone: String
    ) throws -> ScheduleTrigger {
        let text =
            #"{"triggers":[{"schedule":{"name":"\#(name)","cron":"\#(cron)","timezone":"\#(timezone)"}}]}"#
        guard case .schedule(let schedule) = try read(text).triggers[0] else {
            throw ContractError("expected a schedule")
        }
        return schedule
    }
}
