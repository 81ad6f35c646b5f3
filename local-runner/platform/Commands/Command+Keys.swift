import FunctionContract
import FunctionRuntime

extension Command {
    static let keys = Command(
        name: "keys",
        summary: "Show which master keys seal the secrets; seal them anew; check that all open.",
        operands: ["list|reseal|verify"],
        options: [.json, .binaries],
        notes: """
            RELAIS_MASTER_KEYS holds the keys, separated by commas: the first seals, all open. A key
            is shown by an id of eight digits that is made from it.

            To rotate: put a new key in front of the old one and restart everything that has the
            variable. Then `keys reseal` seals every secret with the new key. It may be broken off
            and run again. When `keys verify` ends with exit code 0, no secret needs the old key:
            take it away. Keep it for as long as you keep backups from before.

            Exit code 1: a secret cannot be opened, or, for verify, is sealed with an old key.
            """
    ) { arguments, environment in
        let desk = KeyDesk(arguments, environment)
        switch try arguments.operand(0, "list, reseal or verify") {
        case "list": return try desk.list()
        case "reseal": return try desk.walk("reseal")
        case "verify": return try desk.walk("verify")
        case let other:
            throw UsageError("keys: expected list, reseal or verify, found \"\(other)\"")
        }
    }
}

/// The actions of the command `keys`, one function for each.
private struct KeyDesk {
    private let arguments: Arguments
    private let store: StoreClient

    init(_ arguments: Arguments, _ environment: Environment) {
        self.arguments = arguments
        store = StoreClient(arguments, environment)
    }

    func list() throws -> Int32 {
        let answer = try store.ask("GET", "/keys", for: .connecting)
        if arguments.has("json") {
            try print(answer.text + "\n")
            return 0
        }
        let known = (answer["known"]?.array ?? []).compactMap(\.string)
        var table = Table(["KEY", "STATE", "SECRETS", "COUNT"])
        var unused = known
        for share in answer["shares"]?.array ?? [] {
            let key = share["key"]?.string ?? ""
            unused.removeAll { $0 == key }
            table.add([
                key, state(of: key, known), share["kind"]?.string ?? "",
                share["count"]?.text ?? "",
            ])
        }
        for key in unused { table.add([key, state(of: key, known), "-", "0"]) }
        try print(table.text)
        return 0
    }

    private func state(of key: String, _ known: [String]) -> String {
        key == known.first ? "current" : known.contains(key) ? "old" : "missing"
    }

    /// Goes through all secrets, one batch per request. A later run starts again from the first
    /// secret and finds fewer outdated ones.
    func walk(_ action: String) throws -> Int32 {
        var total = Total()
        var next = JSON.null
        repeat {
            let answer = try store.ask("POST", "/keys/\(action)", next, for: .connecting)
            total.add(answer)
            next = answer["next"] ?? .null
        } while !next.isNull
        try print(arguments.has("json") ? total.json.text + "\n" : total.text(of: action))
        return total.isWell ? 0 : 1
    }

    private func print(_ text: String) throws {
        try Descriptor.standardOutput.write(Array(text.utf8))
    }

    /// The sums over all batches.
    private struct Total {
        private var opened = 0
        private var resealed = 0
        private var outdated = 0
        private var problems: [JSON] = []

        var isWell: Bool { outdated == 0 && problems.isEmpty }

        mutating func add(_ batch: JSON) {
            opened += batch["opened"]?.integer ?? 0
            resealed += batch["resealed"]?.integer ?? 0
            outdated += batch["outdated"]?.integer ?? 0
            problems += batch["problems"]?.array ?? []
        }

        var json: JSON {
            [
                "opened": .integer(opened), "resealed": .integer(resealed),
                "outdated": .integer(outdated), "problems": .array(problems),
            ]
        }

        func text(of action: String) -> String {
            var lines = problems.map { problem in
                "The \(problem["kind"]?.string ?? "") of \(problem["id"]?.string ?? "") does not"
                    + " open: \(problem["reason"]?.string ?? "").\n"
            }
            if action == "reseal" {
                lines.append("\(opened) secrets opened, \(resealed) sealed with the current key.\n")
            } else {
                lines.append("\(opened) secrets opened, \(outdated) sealed with an old key.\n")
            }
            if !problems.isEmpty {
                lines.append(
                    "Put the missing key back into RELAIS_MASTER_KEYS, or enter these secrets anew"
                        + " with `local-runner channels rotate`.\n"
                )
            } else if outdated > 0 {
                lines.append("Run `local-runner keys reseal` before you take the old key away.\n")
            } else if action == "verify" {
                lines.append("No secret needs any key but the current one.\n")
            }
            return lines.joined()
        }
    }
}
