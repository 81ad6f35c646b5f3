/// The limits of one run of a sender.
package struct SendLimits: Sendable, Equatable {
    /// Requests in flight at once, over all channels.
    package var concurrency = 640
    /// Messages that a channel claims at once; as many as it has in flight, if that is more. When a
    /// sender dies, its claimed messages become unknown, even those that had not begun. So a
    /// channel claims only what will go soon.
    package var claim = 64
    /// How far ahead of their time messages are claimed.
    package var horizon: Duration = .milliseconds(250)
    /// How late a message may be when other senders serve its channel too. Half the time between
    /// two messages counts, if that is more.
    package var lateness: Duration = .milliseconds(2)
    /// How long a provider may take to answer.
    package var answer: Duration = .seconds(10)
    /// A channel hangs when its provider has answered nothing for this long.
    package var silence: Duration = .seconds(1)
    /// The lease on a claimed message; after that it is unknown whether the message went out.
    package var lease: Duration = .seconds(30)
    /// A message does not begin within this time before its lease ends.
    package var leaseMargin: Duration = .seconds(5)
    /// Results wait this long to be recorded together, or until there are `recordBatch`.
    package var recordAfter: Duration = .milliseconds(40)
    package var recordBatch = 250
    /// How long one database operation may take; providers' answers wait meanwhile.
    package var patience: Duration = .seconds(5)
    /// How often channels with new work are looked for.
    package var refresh: Duration = .seconds(1)
    /// The same when a channel has used up its counted messages.
    package var quickRefresh: Duration = .milliseconds(50)
    /// How long a process skips a channel whose secret it has no key for.
    package var lockedRest: Duration = .seconds(120)
    /// Channels that one run serves at once.
    package var channels = 64
    /// How long a channel keeps its place while others wait for one.
    package var turn: Duration = .seconds(1)

    package init() {}
}
