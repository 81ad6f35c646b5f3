internal import FunctionContract

/// How many requests each channel may have in flight, so that a hanging provider leaves room for
/// the others.
///
/// A workspace may have three times as many requests as there are free places. A channel may have
/// three times as many as its workspace has left. One channel alone gets three fifths of all
/// places. When many channels hang, each gets fewer, and some places always stay free.
///
/// A few places are reserved for workspaces with nothing in flight: their first message goes at
/// once.
struct Shares {
    private static let reach = 3
    /// One place in this many is reserved for workspaces with nothing in flight.
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
        // Each request that begins leaves one place fewer to all, and thus lowers the limits of its
        // workspace and channel.
        let leftLess = Self.reach + 1
        let shareLess = Self.reach * leftLess + 1
        let room = min(free, Self.begins(left, leftLess), Self.begins(share, shareLess))
        if room < 1, ofWorkspace == 0, taken < places { return 1 }
        return max(room, 0)
    }

    /// How many requests can begin while any of `left` remains, when each uses `step` of it.
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
