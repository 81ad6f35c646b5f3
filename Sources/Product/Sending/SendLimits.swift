/// The limits of one run of a sender.
package struct SendLimits: Sendable, Equatable {
    /// Requests on their way at once, over all channels.
    package var concurrency = 512
    /// Requests of one channel on their way at once: a provider that hangs holds up nobody else.
    package var concurrencyOfChannel = 384
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
    /// How long a message may stay in hand; after that nobody knows whether it went out.
    package var lease: Duration = .seconds(30)
    /// A message that has not begun so long before its lease ends does not begin.
    package var leaseMargin: Duration = .seconds(5)
    /// Results wait for others so long, or until there are so many, to be recorded together.
    package var recordAfter: Duration = .milliseconds(40)
    package var recordBatch = 250
    /// How often channels with new work are looked for.
    package var refresh: Duration = .seconds(1)
    /// How soon, when a channel has used up what was counted.
    package var quickRefresh: Duration = .milliseconds(50)
    /// How long a channel rests whose secret cannot be opened, and how long a process leaves one to
    /// others for which it has no key.
    package var unusableHold: Duration = .seconds(120)
    /// Channels that one run serves at once.
    package var channels = 64

    package init() {}
}
