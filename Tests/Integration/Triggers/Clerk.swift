import FunctionContract

extension SampleFunction {
    /// A function that writes down every event that it gets and then does what its order says:
    /// replies with it, or `hang`, `die`, or `slow` or `held` until its release and then replies.
    static func clerk(_ name: String, triggers: String, _ more: String = "") -> SampleFunction {
        SampleFunction(
            name,
            manifest: """
                {
                  "triggers": [\(triggers)], "command": ["./main"]
                  \(more.isEmpty ? "" : ", \(more)")
                }
                """,
            program: clerkProgram
        )
    }

    static func schedule(_ name: String, cron: String = "* * * * *", _ more: String = "") -> String
    {
        let rest = more.isEmpty ? "" : ", \(more)"
        return #"{ "schedule": { "name": "\#(name)", "cron": "\#(cron)"\#(rest) } }"#
    }

    static func queue(_ name: String) -> String { #"{ "queue": { "name": "\#(name)" } }"# }

    static func route(_ path: String) -> String {
        #"{ "http": { "method": "ANY", "path": "\#(path)" } }"#
    }

    private static let clerkProgram = #"""
        #!/bin/sh
        while IFS= read -r event; do
            case $event in
            *'"specversion":'*) printf '%s\n' "$event" ;;
            *) path=${event#*'"rawPath":"'}; printf '{"path":"%s"}\n' "${path%%'"'*}" ;;
            esac >>"../../$FUNCTION_NAME.events"
            IFS= read -r order <"../../$FUNCTION_NAME.order"
            case $order in
            hang) sleep 1000 ;;
            die) kill -KILL $$ ;;
            slow) sleep 0.5; printf '{"processed":1}\n' ;;
            held)
                while [ -e main ] && ! [ -e "../../$FUNCTION_NAME.released" ]; do sleep 0.02; done
                printf '{"processed":1}\n' ;;
            *) printf '%s\n' "$order" ;;
            esac
        done
        """#
}

extension FunctionFolder {
    /// What the function does with events from now on.
    func order(_ name: String, _ order: String) throws {
        try write(order + "\n", to: "\(name).order")
    }

    /// Lets what the order `held` has stopped go on.
    func release(_ name: String) throws { try write("", to: "\(name).released") }

    /// The events that the function has got so far.
    func events(_ name: String) -> [JSON] {
        let lines = contents(of: "\(name).events")?.split(separator: "\n") ?? []
        return lines.compactMap { try? JSONParser.parse(Array($0.utf8)) }
    }
}
