internal import FunctionContract

/// How many requests each channel may have on its way, so that a provider that hangs leaves room
/// for all others.
///
/// A workspace may have three times as many as are left free, and a channel three times as many as
/// its workspace has left. One channel alone gets three fifths of all places. Of many that hang
/// each gets fewer, and some are always left. A few places are only for workspaces that have
/// nothing on their way: the first message of a workspace goes at once.
struct Shares {
    private static let reach = 3
    /// One place in so many is for workspaces with nothing on its way.
    private static let reserveShare = 8

    private let places: Int
    private let reserve: Int
    private var taken = 0
    private var workspaces: [UUID: Int] = [:]
    private var channels: [UUID: Int] = [:]

    init(places: Int) {
        precondition(places > 0, "nothing goes without a place")
        self.places = places
        reserve = places / Self.reserveShare
    }

    /// How many more requests of the channel may begin now.
    func room(for channel: UUID, of workspace: UUID) -> Int {
        let ofWorkspace = workspaces[workspace, default: 0]
        let free = places - reserve - taken
        let left = Self.reach * free - ofWorkspace
        let share = Self.reach * left - channels[channel, default: 0]
        // Each that begins leaves one place less to all, and so less to the workspace and to the
        // channel.
        let leftLess = Self.reach + 1
        let shareLess = Self.reach * leftLess + 1
        let room = min(free, Self.begins(left, leftLess), Self.begins(share, shareLess))
        if room < 1, ofWorkspace == 0, taken < places { return 1 }
        return max(room, 0)
    }

    /// How many begin while there is something left, when each takes `step` of it.
    private static func begins(_ left: Int, _ step: Int) -> Int {
        left > 0 ? (left + step - 1) / step : 0
    }

    mutating func begin(_ channel: UUID, of workspace: UUID) {
        taken += 1
        workspaces[workspace, default: 0] += 1
        channels[channel, default: 0] += 1
    }

    mutating func end(_ channel: UUID, of workspace: UUID) {
        taken -= 1
        Self.reduce(&workspaces, workspace)
        Self.reduce(&channels, channel)
        precondition(taken >= 0, "a request ends once")
    }

    private static func reduce(_ counts: inout [UUID: Int], _ key: UUID) {
        let count = counts[key, default: 0] - 1
        counts[key] = count > 0 ? count : nil
    }
}
