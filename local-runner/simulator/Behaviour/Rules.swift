/// The provider's behaviour towards sends, and the recipients' behaviour.
struct Rules: Equatable, Sendable {
    /// The time from the request to the reply.
    var latency = Delay.fixed(0)
    var errors: [ErrorRule] = []
    var lost = Lost()
    var receipts = Receipts()
    var replies = Replies()
    var disorder = Disorder()
    /// The share of people who are not on WhatsApp.
    var absentShare = 0.0
}

/// A failure of a share of the sends.
struct ErrorRule: Equatable, Sendable {
    var share: Double
    /// The provider's code, a number at Meta. Other providers use only the status.
    var code: Int?
    var status: Int?
    var retryAfterSeconds: Int?
    var message: String?
}

/// Requests that were read and get no answer from the provider.
struct Lost: Equatable, Sendable {
    /// The share whose connection breaks.
    var resetShare = 0.0
    /// The share that never gets an answer.
    var silenceShare = 0.0
    /// The share answered by a gateway: 502, without a body.
    var gatewayShare = 0.0
    /// The share of lost requests whose message is sent all the same.
    var takenShare = 1.0
}

/// The receipts of accepted messages. Each delay starts at the end of the one before it.
struct Receipts: Equatable, Sendable {
    var sent = Delay.fixed(0)
    var delivered = Delay.fixed(0)
    var read = Delay.fixed(0)
    var deliveredShare = 1.0
    var readShare = 0.0
    /// Failures that the provider reports later, by webhook. They replace all further receipts.
    var failures: [ErrorRule] = []
}

/// The recipients' answers.
struct Replies: Equatable, Sendable {
    var share = 0.0
    /// The time from the delivery to the answer.
    var delay = Delay.fixed(0)
    var texts = ["Oui, merci !", "Je suis intéressé", "C'est combien ?", "Ok", "Bonjour"]
    /// The share of answers that opt out.
    var stopShare = 0.0
    var stopWords = ["STOP"]
    /// The share of answers that press a button, if there is one.
    var buttonShare = 1.0
    /// The share of answers that are an emoji reaction to the message.
    var reactionShare = 0.0
    /// The most answers from one person. It ends conversations between two programs.
    var limitPerPerson = 1
}

/// Faults in the delivery of webhooks.
struct Disorder: Equatable, Sendable {
    /// The share of messages whose receipts and answers are sent twice.
    var duplicateShare = 0.0
    var duplicateDelay = Delay.fixed(50)
    /// The share of messages whose receipts arrive in the wrong order.
    var outOfOrderShare = 0.0
    /// The share of messages whose first receipt is sent before the reply.
    var beforeReplyShare = 0.0
}
