extension SampleFunction {
    /// The Swift function that was built with the tests: it answers with the event.
    static let echo = SampleFunction("echo", nil)

    /// Answers in Python with the event as it read it.
    static let mirror = SampleFunction(
        "mirror",
        """
        #!/usr/bin/env python3
        import sys
        for event in sys.stdin.buffer:
            sys.stdout.buffer.write(event)
            sys.stdout.buffer.flush()
        """
    )

    /// Answers in Python with the length of the body; on `/scale/held` once it is released.
    static func scale(_ more: String = "") -> SampleFunction {
        SampleFunction(
            "scale",
            """
            #!/usr/bin/env python3
            import json, os, sys, time
            for line in sys.stdin:
                event = json.loads(line)
                held = event["rawPath"].endswith("/held")
                while held and os.path.exists("main") and not os.path.exists("released"):
                    time.sleep(0.02)
                print(json.dumps({"length": len(event.get("body") or "")}), flush=True)
            """,
            #""timeoutSeconds": 120"# + (more.isEmpty ? "" : ", \(more)")
        )
    }

    /// Behaves as the last segment of the path says, well or badly.
    static func desk(_ more: String = "") -> SampleFunction {
        SampleFunction("desk", deskProgram, more)
    }

    /// A desk whose events may take as long as a test holds them.
    static func held(_ concurrency: String) -> SampleFunction {
        desk(#""timeoutSeconds": 120, "concurrency": { "queueSeconds": 120, \#(concurrency) }"#)
    }

    private static let deskProgram = #"""
        #!/bin/sh
        reply() {
            printf '{"statusCode":200,"headers":{"x-instance":"%s"},"body":"%s"}\n' $$ "$1"
        }
        while IFS= read -r event; do
            case $event in
            *'"what":"die"'*) kill -KILL $$ ;;
            *'"what":"exit"'*) exit 0 ;;
            *'"what":"fail"'*) echo 'last words' >&2; exit 3 ;;
            *'"what":"garbage"'*) echo 'hello there' ;;
            *'"what":"early"'*) echo 'starting up'; reply early ;;
            *'"what":"late"'*) printf '%s\nunasked\n' "$(reply late)" ;;
            *'"what":"afterwards"'*) reply afterwards; sleep 0.05; echo unasked ;;
            *'"what":"unended"'*) printf '%s' "$(reply unended)"; exit 0 ;;
            *'"what":"hang"'*) trap '' TERM; sleep 1000; sleep 1000 ;;
            *'"what":"deaf"'*) sleep 1000 ;;
            *'"what":"fork"'*) sleep 1000 & exit 0 ;;
            *'"what":"escape"'*) setsid sleep 60 & exit 0 ;;
            *'"what":"huge"'*) head -c 7000000 /dev/zero | tr '\0' x; echo ;;
            *'"what":"flood"'*) yes ;;
            *'"what":"chatter"'*) yes 'not again' | head -n 200000 >&2; reply chatter ;;
            *'"what":"slow"'*) sleep 0.3; reply slow ;;
            *'"what":"held"'*)
                while [ -e main ] && ! [ -e released ]; do sleep 0.02; done
                reply held ;;
            *'"what":"failure"'*) echo '{"errorType":"Oops","errorMessage":"no luck"}' ;;
            *'"what":"badstatus"'*) echo '{"statusCode":1000}' ;;
            *'"what":"environment"'*) reply "$(env | sort | tr '\n' ' ')" ;;
            *) reply hello ;;
            esac
        done
        """#

    /// Programs in two languages and both framings that answer alike: the body that came, a
    /// status, a header and two cookies.
    static let answering = [
        SampleFunction("sh-stream", shAnswer + "while IFS= read -r event; do answer; done\n"),
        SampleFunction("sh-once", shAnswer + "event=$(cat); answer\n", #""framing": "one-shot""#),
        SampleFunction(
            "python-stream",
            pythonAnswer + "for event in sys.stdin: answer(event)\n"
        ),
        SampleFunction(
            "python-once",
            pythonAnswer + "answer(sys.stdin.read())\n",
            #""framing": "one-shot""#
        ),
    ]

    private static let shAnswer = #"""
        #!/bin/sh
        answer() {
            body=${event#*'"body":"'}
            encoded=${event#*'"isBase64Encoded":'}
            printf '{"statusCode":201,"headers":{"X-From":"%s"},"cookies":["a=1","b=2; Path=/"],' \
                "$FUNCTION_NAME"
            printf '"body":"%s","isBase64Encoded":%s}\n' "${body%%'"'*}" "${encoded%%[,\}]*}"
        }

        """#

    private static let pythonAnswer = #"""
        #!/usr/bin/env python3
        import json, os, sys
        def answer(text):
            event = json.loads(text)
            print(json.dumps({
                "statusCode": 201,
                "headers": {"X-From": os.environ["FUNCTION_NAME"]},
                "cookies": ["a=1", "b=2; Path=/"],
                "body": event["body"],
                "isBase64Encoded": event["isBase64Encoded"],
            }), flush=True)

        """#
}

extension SampleFunction: CustomStringConvertible {
    var description: String { name }
}
