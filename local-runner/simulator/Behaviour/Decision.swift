import Providers

/// What becomes of one send.
struct Decision: Equatable {
    enum Fate: Equatable {
        case accepted
        case refused(ErrorRule)
        /// The connection breaks after the request was read.
        case reset(isTaken: Bool)
        /// No answer ever comes.
        case silence(isTaken: Bool)
        /// The answer is that of a gateway, which knows nothing of the message.
        case gateway(isTaken: Bool)
    }

    var fate: Fate
    var latency: Int
    /// In the order in which they come.
    var receipts: [PlannedReceipt]
    var tellsBeforeReplying: Bool
    var reply: PlannedReply?

    /// Whether the message goes out.
    var isTaken: Bool {
        switch fate {
        case .accepted: true
        case .refused: false
        case .reset(let isTaken), .silence(let isTaken), .gateway(let isTaken): isTaken
        }
    }
}

/// A receipt to come.
struct PlannedReceipt: Equatable {
    /// Milliseconds after the reply.
    var delay: Int
    var status: DeliveryStatus
    var failure: ErrorRule?
    /// When it comes a second time, milliseconds after the first.
    var duplicateAfter: Int?
}

/// What a person will answer.
struct PlannedReply: Equatable {
    enum Kind: Equatable {
        case text(String)
        /// A button of the message, by its place.
        case button(Int)
        case reaction(String)
    }

    /// Milliseconds after the reply of the provider.
    var delay: Int
    var kind: Kind
    var duplicateAfter: Int?
}
