internal import Database
internal import FunctionContract
internal import Work

/// Where there is something to send.
struct SendQueue {
    struct Work {
        let channel: UUID
        let workspace: UUID
        let due: Int
        /// Of these, what the channel's limits let go at once when it may send.
        let room: Int
        /// How long the channel may not send.
        let wait: Duration

        /// What could go now.
        var ready: Int { wait == .zero ? min(due, room) : 0 }
    }

    /// What is counted of a channel's messages; more is not waited for before the next look.
    private static let countLimit = 5000

    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    func channelsWithWork(upTo limits: SendLimits) throws(DatabaseError) -> [Work] {
        let rows = try connection.pipeline([
            PlatformScope.statement,
            Statement(
                "SELECT channel, workspace, due, room, wait FROM relais.channels_with_work($1, $2)",
                .int32(Int32(Self.countLimit)),
                .int32(Int32(limits.channels))
            ),
        ])[1]
        return try rows.map { (row) throws(DatabaseError) in
            Work(
                channel: try row.get("channel"),
                workspace: try row.get("workspace"),
                due: try row.get("due"),
                room: try row.get("room"),
                wait: .seconds(try row.get("wait", as: Double.self))
            )
        }
    }
}
