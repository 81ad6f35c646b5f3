import EventLoop
import FunctionContract
import FunctionRuntime

extension Command {
    static let dev = Command(
        name: "dev",
        summary: "Serve, rebuild on every save, and swap the instances once the build works.",
        options: ServeOptions.all + [
            .init("build", "command", "what builds the functions [swift build]"),
            .init("watch", "folder", "watch this too; may be repeated [Sources, functions]"),
        ],
        notes: """
            While the code does not compile, the last build that did goes on serving. Requests in
            flight finish on the instance that has them. RELAIS_ENV is development unless it is
            set.
            """
    ) { arguments, environment in
        var variables = environment.variables
        if variables["RELAIS_ENV", default: ""].isEmpty { variables["RELAIS_ENV"] = "development" }
        let options = try ServeOptions(arguments, Environment(variables))
        for folder in arguments.all("watch") where !isFolder(folder) {
            throw UsageError("dev: --watch: there is no folder \(folder)")
        }
        let loop = try EventLoop()
        let workshop = Workshop(
            on: loop,
            source: options.source,
            buildCommand: (arguments["build"] ?? "swift build").split(separator: " ").map(
                String.init
            ),
            folders: ["Sources", options.source.functions] + arguments.all("watch"),
            environment: variables,
            console: options.console
        )
        guard try workshop.buildFirst() else { return 1 }
        let platform = Platform(
            try workshop.definitions(),
            on: loop,
            console: options.console,
            drainTime: options.drainTime,
            noticeTime: options.noticeTime
        )
        try platform.open(options)
        workshop.serveChanges { platform.reload($0) }
        platform.onDrained = { workshop.close() }
        loop.run()
        options.console.finish()
        return platform.exitCode
    }
}
