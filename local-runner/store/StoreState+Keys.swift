import Accounts
import Database
import FunctionContract
import Security

extension StoreState {
    /// The number of secrets of each kind under each master key.
    func listKeys() throws -> HTTPReply {
        let secrets = try secrets()
        let shares = try SealedColumns(connection, secrets).shares()
        return .json([
            "current": .string(secrets.keyIDs[0]),
            "known": .array(secrets.keyIDs.map { .string($0) }),
            "shares": .array(
                shares.map { share in
                    [
                        "kind": .string(share.kind), "key": .string(share.key),
                        "count": .integer(share.count),
                    ]
                }
            ),
        ])
    }

    /// Opens one batch of secrets, and seals them again if the action asks for it.
    func walkKeys(_ action: String, _ request: StoreRequest) throws -> HTTPReply {
        guard ["reseal", "verify"].contains(action) else {
            throw Rejection.badRequest("expected reseal or verify, found \(action)")
        }
        let batch = try SealedColumns(connection, try secrets()).batch(
            after: try place(request),
            resealing: action == "reseal"
        )
        return .json([
            "opened": .integer(batch.opened), "resealed": .integer(batch.resealed),
            "outdated": .integer(batch.outdated),
            "problems": .array(
                batch.problems.map { problem in
                    [
                        "kind": .string(problem.kind), "id": .string(problem.id.description),
                        "reason": .string(problem.reason),
                    ]
                }
            ),
            "next": batch.next.map { place in
                ["kind": .integer(place.kind), "id": .string(place.id.description)]
            } ?? .null,
        ])
    }

    private func place(_ request: StoreRequest) throws -> SealedColumns.Place? {
        guard let text = try request.optionalText("id") else { return nil }
        guard let id = UUID(text) else { throw Rejection.badRequest("id: expected a UUID") }
        return SealedColumns.Place(kind: try request.integer("kind", 0...1000), id: id)
    }
}
