/// How a provider treats sends, and how the people who get them behave.
struct Rules: Equatable, Sendable {
    /// From the request to the reply.
    var latency = Delay.fixed(0)
    var errors: [ErrorRule] = []
    var lost = Lost()
    var receipts = Receipts()
    var replies = Replies()
    var disorder = Disorder()
    /// The share of people who are not on WhatsApp.
    var absentShare = 0.0
}

/// A failure that some sends meet.
struct ErrorRule: Equatable, Sendable {
    var share: Double
    /// The provider's code: Meta's numbers; other providers know only a status.
    var code: Int?
    var status: Int?
    var retryAfterSeconds: Int?
    var message: String?
}

/// Sends that were read and get no answer of the provider's.
struct Lost: Equatable, Sendable {
    /// The connection breaks.
    var resetShare = 0.0
    /// Nothing ever comes.
    var silenceShare = 0.0
    /// Something in between answers instead: 502, without a body.
    var gatewayShare = 0.0
    /// The share of these whose message goes out all the same.
    var takenShare = 1.0
}

/// How the messages that were taken get on. Each delay begins where the one before it ends.
struct Receipts: Equatable, Sendable {
    var sent = Delay.fixed(0)
    var delivered = Delay.fixed(0)
    var read = Delay.fixed(0)
    var deliveredShare = 1.0
    var readShare = 0.0
    /// Failures that come later, by webhook; the rest of the journey falls away.
    var failures: [ErrorRule] = []
}

/// What people answer.
struct Replies: Equatable, Sendable {
    var share = 0.0
    /// From the delivery to the answer.
    var delay = Delay.fixed(0)
    var texts = ["Oui, merci !", "Je suis intéressé", "C'est combien ?", "Ok", "Bonjour"]
    /// The share of answers that ask to be left alone.
    var stopShare = 0.0
    var stopWords = ["STOP"]
    /// The share of answers that press a button, where there is one.
    var buttonShare = 1.0
    /// The share of answers that are an emoji on the message.
    var reactionShare = 0.0
    /// Answers that one person gives at most: two machines must not talk for ever.
    var limitPerPerson = 1
}

/// What goes wrong with webhooks.
struct Disorder: Equatable, Sendable {
    /// The share of messages whose receipts and answers come twice.
    var duplicateShare = 0.0
    var duplicateDelay = Delay.fixed(50)
    /// The share of messages whose receipts come in the wrong order.
    var outOfOrderShare = 0.0
    /// The share of messages whose first receipt comes before the reply.
    var beforeReplyShare = 0.0
}
