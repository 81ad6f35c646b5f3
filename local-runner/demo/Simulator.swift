import FunctionContract
import HTTPClient

/// The provider-simulator, which plays the provider and the contacts.
struct Simulator {
    /// The sending account, as it is configured in the simulator.
    struct Account {
        let provider: String
        let id: String
        let business: String
        let phone: String
        let channel: String
        let secret: String
    }

    /// The count of failed webhook attempts, and of webhooks and actions that are still to come.
    struct Webhooks {
        let failedTries: Int
        let outstanding: Int
    }

    private static let pageSize = 5000

    private let server: LocalServer

    init(_ address: String) {
        server = LocalServer(address)
    }

    func checkIsRunning() throws(DemoError) {
        // Another program on this port would not know this path.
        guard let scenario = try? server.ask(.get, "/_simulator/scenario"), scenario.object != nil
        else {
            throw DemoError(
                "no provider-simulator answers at \(server.address): infra/up starts it, or say "
                    + "where it is with --simulator"
            )
        }
    }

    /// Adds the account to the scenario; returns the number of the last ledger entry.
    func admit(_ account: Account) throws(DemoError) -> Int {
        let known = try ask("/_simulator/scenario")["accounts"]?.array ?? []
        let change: JSON = [
            "accounts": .array(known + [account.json]),
            // Contacts answer within seconds, so that the demo takes no minutes.
            "receipts": ["read": ["lognormal": ["median": 1500, "sigma": 0.6, "limit": 6000]]],
            "replies": ["delay": ["lognormal": ["median": 3000, "sigma": 0.5, "limit": 9000]]],
        ]
        _ = try server.ask(.post, "/_simulator/scenario", change)
        return try ask("/_simulator/ledger?limit=1")["total"]?.integer ?? 0
    }

    func webhooks() throws(DemoError) -> Webhooks {
        let webhooks = try ask("/_simulator/summary")["webhooks"]
        func number(_ name: String) -> Int { webhooks?[name]?.integer ?? 0 }
        return Webhooks(
            failedTries: number("failedTries"),
            outstanding: number("pending") + number("planned")
        )
    }

    /// The sends of the account after entry `start`.
    func ledger(of account: Account, since start: Int) throws(DemoError) -> Ledger {
        let duplicates = try ask("/_simulator/summary")["duplicates"]?.array ?? []
        var ledger = Ledger()
        ledger.duplicates = duplicates.count { $0["account"]?.string == account.id }
        var since = start
        while true {
            let page = try ask("/_simulator/ledger?since=\(since)&limit=\(Self.pageSize)")
            for entry in page["entries"]?.array ?? [] where entry["account"]?.string == account.id {
                ledger.add(entry)
            }
            guard let next = page["next"]?.integer, next > since else { return ledger }
            since = next
        }
    }

    private func ask(_ path: String) throws(DemoError) -> JSON {
        guard let answer = try server.ask(.get, path) else {
            throw DemoError("the provider-simulator at \(server.address) does not answer any more")
        }
        return answer
    }
}

/// The simulator's record of the requests to send.
struct Ledger {
    private(set) var requests = 0
    /// Messages that were sent.
    private(set) var taken = 0
    /// Messages that were sent to the same recipient more than once.
    var duplicates = 0

    mutating func add(_ entry: JSON) {
        requests += 1
        if entry["taken"]?.bool == true { taken += 1 }
    }
}

extension Simulator.Account {
    fileprivate var json: JSON {
        [
            "provider": .string(provider), "id": .string(id), "business": .string(business),
            "phone": .string(phone), "channel": .string(channel), "secret": .string(secret),
        ]
    }
}
