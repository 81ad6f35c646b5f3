internal import Database
internal import FunctionContract
internal import Work

/// Where there is something to send.
struct SendQueue {
    struct Work {
        let channel: UUID
        let workspace: UUID
        let due: Int
        /// How long the channel may not send.
        let wait: Duration
    }

    /// What is counted of a channel's messages; more is not waited for before the next look.
    private static let countLimit = 5000

    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// How the channels stand that are `held`, and others whose turn it is: as many as there are
    /// `free` places, and `more` that may send at once.
    func takeTurns(
        free: Int,
        more: Int,
        besides held: [UUID]
    ) throws(DatabaseError) -> [Work] {
        let rows = try connection.platform(
            Statement(
                "SELECT channel, workspace, due, wait FROM relais.take_turns($1, $2, $3, $4)",
                .int32(Int32(Self.countLimit)),
                .uuids(held),
                .int32(Int32(free)),
                .int32(Int32(more))
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

    /// How many messages could go now on other channels, as far as they are counted.
    func remaining(onOthersThan channels: [UUID]) throws(DatabaseError) -> Int {
        try connection.pipeline([
            PlatformScope.statement,
            Statement(
                "SELECT relais.messages_to_send($1, $2) AS count",
                .int32(Int32(Self.countLimit)),
                .uuids(channels)
            ),
        ])[1][0].get("count")
    }
}
