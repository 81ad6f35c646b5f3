import Testing

@testable import LocalRunner

@Suite struct CommandTests {
    @Test(arguments: Command.all.map(\.name))
    func helpTellsOfEveryOption(_ name: String) throws {
        let command = try #require(Command.all.first { $0.name == name })
        let help = command.help
        #expect(help.hasPrefix(command.summary + "\n"))
        #expect(help.contains("Usage: local-runner \(name)"))
        for operand in command.operands { #expect(help.contains(" \(operand)")) }
        for option in command.options {
            let synopsis = "--\(option.name)" + (option.value.map { " <\($0)>" } ?? "")
            #expect(help.contains("  \(synopsis) "), "\(synopsis)")
            #expect(help.contains("  \(option.help)\n"), "\(synopsis)")
        }
    }

    @Test(arguments: Command.all.map(\.name))
    func helpFitsATerminal(_ name: String) throws {
        let command = try #require(Command.all.first { $0.name == name })
        #expect(command.help.split(separator: "\n").allSatisfy { $0.count <= 100 })
        #expect(Set(command.options.map(\.name)).count == command.options.count)
    }

    @Test func theOverviewNamesEveryCommandOnce() {
        let names = Command.all.map(\.name)
        #expect(Set(names).count == names.count)
        for command in Command.all {
            let lines = Command.overview.split(separator: "\n").filter {
                $0.hasPrefix("  \(command.name) ")
            }
            #expect(lines.count == 1)
            #expect(lines.first?.hasSuffix("  \(command.summary)") == true)
        }
    }
}
