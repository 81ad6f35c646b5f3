import EventLoop
import FunctionContract
import FunctionRuntime
import Glibc
import Security

/// Runs the command line, then ends the process with its exit code.
package func runProviderSimulator() -> Never {
    exit(Command.run(Array(CommandLine.arguments.dropFirst())))
}

private enum Command {
    static func run(_ words: [String]) -> CInt {
        do {
            let options = try Options(words)
            switch options.request {
            case .help: return print(Options.help)
            case .version: return print("provider-simulator \(productVersion)\n")
            case nil: return try serve(options)
            }
        } catch let error as UsageError {
            return complain(error.description, code: 2)
        } catch {
            return complain(String(describing: error), code: 1)
        }
    }

    private static func serve(_ options: Options) throws -> CInt {
        let description = try ScenarioSource.description(of: options.scenario)
        let seed = options.seed ?? randomNumber() >> 32
        let loop = try EventLoop()
        let simulator = try Simulator(
            on: loop,
            Behaviour(seed: seed, scenario: try ScenarioSource.scenario(description)),
            description: description,
            ledger: Ledger(file: try options.ledgerPath.map { path in try LedgerFile(path) }),
            webhooks: options.webhooks,
            run: randomNumber(),
            clock: { .now }
        )
        simulator.onLedgerFailure = { exit(complain($0.description, code: 1)) }
        let port = try listen(simulator, options)
        let progress = try Progress(of: simulator, isQuiet: options.isQuiet)
        // Installed before the announcement, because its reader may send a signal at once.
        let signals = try Shutdown(of: simulator, progress)
        progress.announce(port: port, seed: seed, scenario: options.scenario)
        loop.run()
        signals.close()
        return 0
    }

    private static func listen(
        _ simulator: Simulator,
        _ options: Options
    ) throws(UsageError) -> UInt16 {
        do throws(UVError) {
            return try simulator.listen(host: options.host, port: options.port)
        } catch {
            let place = "\(options.host):\(options.port)"
            throw UsageError(
                error.isAddressInUse
                    ? "\(place) is in use; stop what uses it or choose another with --port"
                    : "cannot listen on \(place): \(error.message)"
            )
        }
    }

    private static func randomNumber() -> UInt64 {
        SecureRandom.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func print(_ text: String) -> CInt {
        Descriptor.standardOutput.writeIgnoringErrors(Array(text.utf8))
        return 0
    }

    private static func complain(_ problem: String, code: CInt) -> CInt {
        Descriptor.standardError.writeIgnoringErrors(Array("provider-simulator: \(problem)\n".utf8))
        return code
    }
}

/// The source of a scenario.
enum ScenarioSource {
    private static let byteLimit = 4 * 1024 * 1024

    /// The document of a preset or of the file at a path.
    static func description(of name: String) throws(UsageError) -> JSON {
        if Scenario.preset(name) != nil { return ["preset": .string(name)] }
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try contents(of: name, limit: byteLimit)
        } catch {
            let names = Scenario.presets.map(\.name).joined(separator: ", ")
            throw UsageError("\(error.description); the presets are \(names)")
        }
        do throws(ContractError) {
            return try JSONParser.parse(bytes)
        } catch {
            throw UsageError("\(name): \(error.message)")
        }
    }

    static func scenario(_ description: JSON) throws(UsageError) -> Scenario {
        do throws(ScenarioError) {
            return try Scenario(description)
        } catch {
            throw UsageError("the scenario: \(error.description)")
        }
    }
}
