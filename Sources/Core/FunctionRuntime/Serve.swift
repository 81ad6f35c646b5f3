package import FunctionContract
internal import Glibc

/// Answers HTTP events, and nothing else, until the host ends this process.
///
/// A function is a value and a `main`:
/// ```swift
/// @main struct Hello {
///     static func main() { serve(hello) }
/// }
/// ```
package func serve<Failure: Error>(
    _ http: @escaping (HTTPEvent, Context) throws(Failure) -> HTTPReply
) -> Never {
    serve(http: http)
}

/// Answers the kinds of events for which there is a handler.
package func serve(
    http: ((HTTPEvent, Context) throws -> HTTPReply)? = nil,
    schedule: ((ScheduleEvent, Context) throws -> BatchReply)? = nil,
    queue: ((QueueEvent, Context) throws -> BatchReply)? = nil
) -> Never {
    run { Function(http: http, schedule: schedule, queue: queue) }
}

/// Prepares `State` once per process (a connection, a key), then answers events with it. When the
/// preparation fails the host is told so, and no event is taken.
package func serve<State>(
    starting prepare: @escaping (Environment) throws -> State,
    http: ((HTTPEvent, Context, inout State) throws -> HTTPReply)? = nil,
    schedule: ((ScheduleEvent, Context, inout State) throws -> BatchReply)? = nil,
    queue: ((QueueEvent, Context, inout State) throws -> BatchReply)? = nil
) -> Never {
    run {
        var state = try prepare(.process)
        return Function(
            http: http.map { handler in { try handler($0, $1, &state) } },
            schedule: schedule.map { handler in { try handler($0, $1, &state) } },
            queue: queue.map { handler in { try handler($0, $1, &state) } }
        )
    }
}

/// Answers HTTP events as many at a time as the host hands over: for work that costs less when it
/// is done together, such as rows of one statement. See `concurrency.batch` in the manifest; on
/// hosts that hand over one event at a time it is always one.
package func serve<State>(
    starting prepare: @escaping (Environment) throws -> State,
    together http: @escaping ([HTTPCall], inout State) throws -> [HTTPReply]
) -> Never {
    run {
        var state = try prepare(.process)
        return Function(together: { try http($0, &state) })
    }
}

private func run(_ make: () throws -> Function) -> Never {
    let environment = Environment.process
    let name = CommandLine.arguments.first.map(lastPathComponent) ?? "function"
    if CommandLine.arguments.count > 1 { explain(name, CommandLine.arguments[1]) }
    // A host that goes away is an error to report where it is met, not a signal that ends us.
    signal(SIGPIPE, SIG_IGN)
    let log = Log(level: Log.Level(environment))
    let process = FunctionProcess(name: name, environment: environment, log: log)
    exit(process.run(make))
}

private func explain(_ name: String, _ argument: String) -> Never {
    let usage = """
        \(name): a Relais function. It reads an event as JSON on stdin and writes its reply as JSON
        on stdout; its log goes to stderr.

          \(name) < event.json                one event, to the end of stdin
          FUNCTION_STREAM=1 \(name)           one event a line, one reply a line
          local-runner invoke \(name) --event event.json

        AWS Lambda, OpenWhisk and the OpenFaaS watchdog are recognised by what they set in the
        environment.

        """
    if argument == "--help" || argument == "-h" {
        Descriptor.standardOutput.writeIgnoringErrors(Array(usage.utf8))
        exit(0)
    }
    let complaint =
        "\(name): unknown argument \"\(argument)\": a function takes none (try --help)\n"
    Descriptor.standardError.writeIgnoringErrors(Array(complaint.utf8))
    exit(2)
}

private func lastPathComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
}
