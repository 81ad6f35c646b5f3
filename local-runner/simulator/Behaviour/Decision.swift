import Providers

/// The outcome of one send.
struct Decision: Equatable {
    enum Fate: Equatable {
        case accepted
        case refused(ErrorRule)
        /// The connection breaks after the request was read.
        case reset(isTaken: Bool)
        /// No answer ever comes.
        case silence(isTaken: Bool)
        /// A gateway answers, without knowledge of the message.
        case gateway(isTaken: Bool)
    }

    var fate: Fate
    var latency: Int
    /// In the order of arrival.
    var receipts: [PlannedReceipt]
    var tellsBeforeReplying: Bool
    var reply: PlannedReply?

    /// Whether the message is sent to its recipient.
    var isTaken: Bool {
        switch fate {
        case .accepted: true
        case .refused: false
        case .reset(let isTaken), .silence(let isTaken), .gateway(let isTaken): isTaken
        }
    }
}

/// A future receipt.
struct PlannedReceipt: Equatable {
    /// Milliseconds after the reply.
    var delay: Int
    var status: DeliveryStatus
    var failure: ErrorRule?
    /// The delay of a duplicate after the first receipt, in milliseconds; nil when there is none.
    var duplicateAfter: Int?
}

/// A person's future answer.
struct PlannedReply: Equatable {
    enum Kind: Equatable {
        case text(String)
        /// A button of the message, by its index.
        case button(Int)
        case reaction(String)
    }

    /// Milliseconds after the provider's reply.
    var delay: Int
    var kind: Kind
    var duplicateAfter: Int?
}
