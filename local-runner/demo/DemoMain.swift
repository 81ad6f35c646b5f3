import FunctionRuntime
import Glibc
import Providers

/// Sends a campaign through the whole platform to contacts that the provider-simulator plays. Then
/// compares the database with the simulator's ledger.
@main struct DemoMain {
    static func main() {
        do {
            let options = try DemoOptions(Array(CommandLine.arguments.dropFirst()), .process)
            exit(try run(options) ? 0 : 1)
        } catch let error as DemoError {
            complain(error.description, code: 2)
        } catch {
            complain(String(describing: error), code: 1)
        }
    }

    private static func run(_ options: DemoOptions) throws -> Bool {
        let platform = LocalPlatform(
            options.platform,
            operatorSocket: options.operatorSocket,
            token: options.operatorToken
        )
        let simulator = Simulator(options.simulator)
        try platform.checkIsReady()
        try simulator.checkIsRunning()
        let screen = Screen(.process)
        screen.say("Preparing \(options.contacts) contacts (seed \(options.seed)) …")
        let cast = try Cast(options)
        let start = try simulator.admit(cast.account)
        try cast.startCampaign()
        try platform.wakeSenders()
        screen.say("Campaign \(cast.campaign) goes out through \(options.provider.rawValue).")
        let show = Show(cast, simulator, screen)
        let figures = try show.run()
        let verdict = Verdict(
            figures,
            options,
            try simulator.ledger(of: cast.account, since: start),
            try simulator.webhooks()
        )
        screen.say(verdict.summary(after: show.elapsed))
        screen.conclude(verdict.problems)
        return verdict.problems.isEmpty
    }

    private static func complain(_ problem: String, code: CInt) -> Never {
        Descriptor.standardError.writeIgnoringErrors(
            Array("local-runner demo: \(problem)\n".utf8)
        )
        exit(code)
    }
}
