/// The limits of one run of a sender.
package struct SendLimits: Sendable, Equatable {
    /// Requests on their way at once, over all channels.
    package var concurrency = 640
    /// Messages that a channel takes in hand at once, or as many as it has on their way. What is
    /// in hand when a sender dies is unknown, even if it had not begun: no more than will go soon.
    package var claim = 64
    /// How far ahead of their time messages are taken in hand.
    package var horizon: Duration = .milliseconds(250)
    /// By how much a message may miss its time when other senders serve its channel, too; or half
    /// the time between two messages, if that is more.
    package var lateness: Duration = .milliseconds(2)
    /// How long a provider may take to answer.
    package var answer: Duration = .seconds(10)
    /// A channel hangs when its provider has answered nothing for so long.
    package var silence: Duration = .seconds(1)
    /// How long a message may stay in hand; after that nobody knows whether it went out.
    package var lease: Duration = .seconds(30)
    /// A message that has not begun so long before its lease ends does not begin.
    package var leaseMargin: Duration = .seconds(5)
    /// Results wait for others so long, or until there are so many, to be recorded together.
    package var recordAfter: Duration = .milliseconds(40)
    package var recordBatch = 250
    /// How long the database may take for one thing; answers of providers wait meanwhile.
    package var patience: Duration = .seconds(5)
    /// How often channels with new work are looked for.
    package var refresh: Duration = .seconds(1)
    /// How soon, when a channel has used up what was counted.
    package var quickRefresh: Duration = .milliseconds(50)
    /// How long a process leaves a channel to others for which it has no key.
    package var lockedRest: Duration = .seconds(120)
    /// Channels that one run serves at once.
    package var channels = 64
    /// How long a channel keeps its place while others wait for one.
    package var turn: Duration = .seconds(1)

    package init() {}
}
