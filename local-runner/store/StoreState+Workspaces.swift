import Accounts
import Database
import FunctionContract

extension StoreState {
    func answerWorkspaces(_ method: String, _ request: StoreRequest) throws -> HTTPReply {
        let workspaces = Workspaces(connection)
        if method == "POST" {
            let id = UUID.v7()
            let timezone = try request.text("timezone")
            try check(timezone: timezone)
            try workspaces.add(id, name: try request.text("name"), timezone: timezone)
            return .json(["id": .string(id.description)])
        }
        return .json([
            "workspaces": .array(
                try workspaces.all().map { workspace in
                    [
                        "id": .string(workspace.id.description), "name": .string(workspace.name),
                        "timezone": .string(workspace.timezone),
                    ]
                }
            )
        ])
    }

    /// The workspace with that id, or the only one of that name. Without a reference, the only
    /// workspace.
    func workspace(_ reference: String?) throws -> Workspace {
        let all = try Workspaces(connection).all()
        let id = reference.flatMap { UUID($0) }
        let found = reference.map { text in all.filter { $0.id == id || $0.name == text } } ?? all
        if let workspace = found.first, found.count == 1 { return workspace }
        let problem =
            switch (reference, found.isEmpty) {
            case (nil, true):
                "there is no workspace yet: make one with `local-runner workspaces add <name>`"
            case (nil, false):
                "there are \(found.count) workspaces: choose one with --workspace, from"
                    + " `local-runner workspaces list`"
            case (let name?, true):
                "there is no workspace \(name): see `local-runner workspaces list`"
            case (let name?, false):
                "\(found.count) workspaces are called \(name): use the id, from"
                    + " `local-runner workspaces list`"
            }
        throw Rejection(status: 404, code: "not_found", message: problem)
    }

    func check(timezone: String) throws {
        guard try Workspaces(connection).isTimezone(timezone) else {
            throw Rejection.badRequest(
                "no time zone is called \(timezone); one is Africa/Lome, another Europe/Paris"
            )
        }
    }
}
