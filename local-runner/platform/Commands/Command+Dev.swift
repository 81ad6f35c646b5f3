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
            flight finish on the instance that has them.
            """
    ) { arguments, environment in
        let options = try ServeOptions(arguments, environment)
        let loop = try EventLoop()
        let workshop = Workshop(
            on: loop,
            source: options.source,
            buildCommand: (arguments["build"] ?? "swift build").split(separator: " ").map(
                String.init
            ),
            folders: ["Sources", options.source.functions] + arguments.all("watch"),
            environment: environment.variables,
            console: options.console
        )
        guard try workshop.buildFirst() else { return 1 }
        let platform = Platform(
            try workshop.definitions(),
            on: loop,
            console: options.console,
            drainTime: options.drainTime
        )
        try platform.open(options)
        workshop.serveChanges { platform.reload($0) }
        platform.onDrained = { workshop.close() }
        loop.run()
        options.console.finish()
        return platform.exitCode
    }
}
