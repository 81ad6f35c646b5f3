internal import Database
internal import FunctionContract
internal import Work

/// Finds the channels that have messages to send.
struct SendQueue {
    struct Work {
        let channel: UUID
        let workspace: UUID
        let due: Int
        /// How long until the channel may send.
        let wait: Duration
    }

    /// The most messages of a channel that one look counts.
    private static let countLimit = 5000

    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// Returns the state of the `held` channels, and other channels whose turn it is. There are up
    /// to `free` of the others, and up to `more` that may send at once. None of them is `resting`.
    func takeTurns(
        free: Int,
        more: Int,
        serving held: [UUID],
        besides resting: [UUID]
    ) throws(DatabaseError) -> [Work] {
        let rows = try connection.platform(
            Statement(
                "SELECT channel, workspace, due, wait FROM relais.take_turns($1, $2, $3, $4, $5)",
                .int32(Int32(Self.countLimit)),
                .uuids(held),
                .int32(Int32(free)),
                .int32(Int32(more)),
                .uuids(resting)
            )
        )[0]
        return try rows.map { (row) throws(DatabaseError) in
            Work(
                channel: try row.get("channel"),
                workspace: try row.get("workspace"),
                due: try row.get("due"),
                wait: .seconds(try row.get("wait", as: Double.self))
            )
        }
    }

    /// How many messages could go now on other channels; the count has a limit.
    func remaining(onOthersThan channels: [UUID]) throws(DatabaseError) -> Int {
        try connection.platform(
            Statement(
                "SELECT relais.messages_to_send($1, $2) AS count",
                .int32(Int32(Self.countLimit)),
                .uuids(channels)
            )
        )[0][0].get("count")
    }
}
