import EventLoop
import FunctionContract
import Testing

@testable import ProviderSimulator

/// The executable itself, from its start to its end.
@Suite(.timeLimit(.minutes(60))) struct ProgramTests {
    @Test func aKillLeavesEveryRequestThatWasRead() throws {
        let folder = try TemporaryPath()
        let program = try Program([
            "--scenario", try folder.write("s.json", #"{"lost": {"silence": 0.5, "reset": 0.2}}"#),
            "--ledger", folder.path("ledger"), "--seed", "3",
        ])
        var clients: [TestClient] = []
        for number in 0..<50 {
            let client = try TestClient(on: program.loop, port: program.port)
            client.send(metaSend(to: "+\(number)"))
            clients.append(client)
        }
        let witness = try TestClient(on: program.loop, port: program.port)
        var received: Int?
        while received != 50 {
            witness.send(request("GET", "/_simulator/summary"))
            received = try JSONParser.parse(try witness.answer().body)["received"]?.integer
        }
        program.end(9)
        try program.waitForExit()
        let lines = try folder.lines("ledger")
        #expect(lines.count == 50)
        let entries = try lines.map { try JSONParser.parse(Array($0.utf8)) }
        #expect(Set(entries.compactMap { $0["recipient"]?.string }).count == 50)
        #expect(entries.map { $0["n"]?.integer } == (1...50).map { $0 })
        for client in clients + [witness] { client.close() }
    }

    @Test func whatIsAnsweredIsInTheFile() throws {
        let folder = try TemporaryPath()
        let program = try Program([
            "--scenario", "perfect", "--ledger", folder.path("ledger"), "--quiet",
        ])
        let client = try TestClient(on: program.loop, port: program.port)
        for number in 1...20 {
            client.send(metaSend(to: "+\(number)"))
            #expect(try client.answer().status == 200)
            #expect(try folder.lines("ledger").count == number)
        }
        program.end(9)
        try program.waitForExit()
        client.close()
    }

    @Test func aSignalEndsItInGoodOrder() throws {
        let program = try Program(["--scenario", "perfect", "--seed", "42"])
        #expect(program.announcement["seed"] == "42")
        #expect(program.announcement["scenario"] == "perfect")
        program.end(15)
        #expect(try program.waitForExit()?.isSuccess == true)
        #expect(program.errors.contains(#"{"event":"stopped","sends":0"#))
    }

    @Test(arguments: [
        (["--prot"], #"provider-simulator: unknown option "--prot" (try --help)"#),
        (["--scenario", "/nowhere"], "provider-simulator: cannot open the scenario /nowhere: "),
    ])
    func wrongUseIsExitCodeTwo(words: [String], complaint: String) throws {
        let run = try Program.run(words)
        #expect(run.code == 2)
        #expect(run.errors.hasPrefix(complaint), "\(run.errors)")
    }

    @Test func helpAndVersionAreAnswered() throws {
        let help = try Program.run(["--help"])
        #expect(help.code == 0 && help.output == Options.help)
        #expect(try Program.run(["--version"]).output.hasPrefix("provider-simulator "))
    }
}
