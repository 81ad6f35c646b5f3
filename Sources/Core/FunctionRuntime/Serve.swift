internal import CProcess
package import FunctionContract
internal import Glibc

/// Answers events until the host ends this process.
///
/// A function is a value and a `main`:
/// ```swift
/// @main struct Hello {
///     static func main() {
///         serve(
///             [Route(.get, "/api/hello/{name}", hello)],
///             manifest: PackageResources.function_json
///         )
///     }
/// }
/// ```
/// `manifest` is the function's `function.json`, which the build puts into every executable.
package func serve(
    _ routes: [Route<Void>] = [],
    schedule: ((ScheduleEvent, Context) throws -> BatchReply)? = nil,
    queue: ((QueueEvent, Context) throws -> BatchReply)? = nil,
    manifest: [UInt8]? = nil,
    file: String = #fileID
) -> Never {
    let triggers = TriggerList(routes, hasSchedule: schedule != nil, hasQueue: queue != nil)
    run(manifest, triggers, file) { Function(routes, schedule: schedule, queue: queue) }
}

/// Prepares `State` once per process, such as a connection or a key, then answers events with it.
/// If the preparation fails, the process tells the host and takes no events.
package func serve<State>(
    _ routes: [Route<State>] = [],
    starting prepare: @escaping (Environment) throws -> State,
    schedule: ((ScheduleEvent, Context, inout State) throws -> BatchReply)? = nil,
    queue: ((QueueEvent, Context, inout State) throws -> BatchReply)? = nil,
    manifest: [UInt8]? = nil,
    file: String = #fileID
) -> Never {
    let triggers = TriggerList(routes, hasSchedule: schedule != nil, hasQueue: queue != nil)
    run(manifest, triggers, file) {
        let kept = Kept(try prepare(.process))
        return Function(
            routes.map { $0.keeping(kept) },
            schedule: schedule.map { handler in { try handler($0, $1, &kept.value) } },
            queue: queue.map { handler in { try handler($0, $1, &kept.value) } }
        )
    }
}

/// `file` is the file that called `serve`. Its module has the function's name, even when the
/// executable is named `bootstrap` or `exec`.
private func run(
    _ manifest: [UInt8]?,
    _ triggers: TriggerList,
    _ file: String,
    _ make: () throws -> Function
) -> Never {
    let environment = Environment.process
    let name = String(file.prefix { $0 != "/" }).replacing("_", with: "-")
    if CommandLine.arguments.count > 1 { explain(name, CommandLine.arguments[1], triggers) }
    // Functions often run as one user: none may read the environment of another, with its secrets.
    _ = cprocess_hide()
    // A broken pipe must be an error at the write, not a signal that ends the process.
    signal(SIGPIPE, SIG_IGN)
    let log = Log(level: Log.Level(environment))
    let process = FunctionProcess(
        name: name,
        environment: environment,
        timeLimit: timeLimit(manifest, name),
        log: log
    )
    exit(process.run(make))
}

/// The manifest was compiled in, so an invalid one is a programming error.
private func timeLimit(_ bytes: [UInt8]?, _ name: String) -> Duration {
    guard let bytes else { return FunctionProcess.longestTimeLimit }
    do {
        let manifest = try Manifest(bytes, name: name, file: "functions/\(name)/function.json")
        return .seconds(manifest.timeoutSeconds)
    } catch {
        preconditionFailure(error.description)
    }
}

private func explain(_ name: String, _ argument: String, _ triggers: TriggerList) -> Never {
    let usage = """
        \(name): a Relais function. It reads an event as JSON on stdin and writes its reply as JSON
        on stdout; its log goes to stderr.

          \(name) < event.json                one event, to the end of stdin
          FUNCTION_STREAM=1 \(name)           one event a line, one reply a line
          \(name) --triggers                  what it answers, a line each
          local-runner invoke \(name) --event event.json

        AWS Lambda, OpenWhisk and the OpenFaaS watchdog are recognised by what they set in the
        environment.

        """
    switch argument {
    case "--help", "-h":
        Descriptor.standardOutput.writeIgnoringErrors(Array(usage.utf8))
        exit(0)
    case "--triggers":
        Descriptor.standardOutput.writeIgnoringErrors(Array(triggers.text.utf8))
        exit(0)
    default: break
    }
    let complaint =
        "\(name): unknown argument \"\(argument)\": a function takes none (try --help)\n"
    Descriptor.standardError.writeIgnoringErrors(Array(complaint.utf8))
    exit(2)
}

/// The triggers in a function's code, to compare with its manifest.
private struct TriggerList {
    let text: String

    init<State>(_ routes: [Route<State>], hasSchedule: Bool, hasQueue: Bool) {
        var lines = routes.map { "http \($0.pattern?.key ?? "ANY *")" }
        if hasSchedule { lines.append("schedule") }
        if hasQueue { lines.append("queue") }
        text = lines.map { $0 + "\n" }.joined()
    }
}
