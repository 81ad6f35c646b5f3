import Accounts
import Campaigns
import Database
import FunctionContract
import FunctionRuntime

@main struct StoreMain {
    static func main() {
        serve(
            [.everywhere(answer)],
            starting: { environment throws(FunctionFailure) in try StoreState(environment) }
        )
    }
}

/// The store's routes, for requests from `local-runner`.
private func answer(
    _ event: HTTPEvent,
    _ context: Context,
    _ state: inout StoreState
) throws -> HTTPReply {
    state.allow(context.remaining)
    let path = event.rawPath.split(separator: "/").map(String.init)
    do {
        let request = try StoreRequest(event)
        switch (event.method, path.first, path.dropFirst().first) {
        case ("POST", "schedules", "claim"): return try state.claimSchedules(request)
        case ("POST", "schedules", "finish"): return try state.finishSchedules(request)
        case ("POST", "schedules", nil): return try state.describeSchedules(request)
        case ("POST", "queues", "look"): return try state.lookAtQueues(request)
        case ("GET", "queues", nil): return try state.describeQueues()
        case ("POST", "invocations", nil): return try state.storeInvocation(request)
        case ("POST", "invocations", "claim"): return try state.claimInvocations(request)
        case ("POST", "invocations", "finish"): return try state.finishInvocations(request)
        case ("GET", "health", nil): return try state.describeHealth()
        case ("GET", "dead", nil): return try state.listDead(request)
        case ("GET", "dead", let id?): return try state.showDead(id)
        case ("POST", "dead", let action?): return try state.changeDead(action, request)
        case ("GET", "keys", nil): return try state.listKeys()
        case ("POST", "keys", let action?): return try state.walkKeys(action, request)
        case ("GET", "migrations", nil): return try state.describeMigrations()
        case ("POST", "migrations", nil): return try state.migrate()
        case (_, "workspaces", nil): return try state.answerWorkspaces(event.method, request)
        case ("GET", "providers", nil): return describeProviders()
        case ("GET", "channels", nil): return try state.listChannels()
        case ("POST", "channels", nil): return try state.addChannel(request)
        case ("GET", "channels", let id?): return try state.showChannel(id)
        case ("POST", "channels", let id?):
            return try state.changeChannel(id, path.last ?? "", request)
        case ("GET", "campaigns", nil): return try state.listCampaigns(request)
        case ("GET", "campaigns", let id?): return try state.showCampaign(id)
        case ("POST", "campaigns", let id?):
            return try state.orderCampaign(id, path.last ?? "", request)
        default:
            return .error(404, "not_found", "the store has no \(event.method) \(event.rawPath)")
        }
    } catch let error as DatabaseError {
        return error.reply
    } catch let error as AccountError {
        return error.reply
    } catch let error as CampaignError {
        return error.reply
    }
}

extension AccountError {
    fileprivate var reply: HTTPReply {
        switch self {
        case .database(let error): error.reply
        case .channelMissing: .error(404, "not_found", description)
        case .security, .secretsUnreadable: .error(409, "secrets", description)
        }
    }
}

extension CampaignError {
    fileprivate var reply: HTTPReply {
        if case .database(let error) = self { return error.reply }
        return .error(409, "refused", description)
    }
}

extension DatabaseError {
    /// Distinguishes invalid requests from failures that a retry may cure.
    fileprivate var reply: HTTPReply {
        switch code {
        case .invalidValue: .error(400, "invalid_value", message)
        case .migration: .error(409, "migration", message)
        case .invalidStatement where Self.undefined.contains(sqlState ?? ""):
            .error(503, "database", "\(message): run `local-runner migrate`")
        default: .error(503, "database", message)
        }
    }

    /// The codes for a missing table and a missing function, which a pending migration may create.
    private static let undefined: Set = ["42P01", "42883"]
}
