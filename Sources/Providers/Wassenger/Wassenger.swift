import FunctionContract

enum Wassenger {
    static func verify(
        _ d: WebhookDelivery,
        _ s: WebhookSecrets,
        now: Timestamp = Timestamp(milliseconds: 0)
    ) throws(ProviderError) {}
    static func events(in body: JSON) -> [DomainEvent] { [] }
    static func request(
        for operation: ProviderOperation,
        through channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest { throw .bodyNotJSON("") }
    static func outcome(of reply: ProviderReply, now: Timestamp) -> SendOutcome {
        .successWithoutID(reply)
    }
    static func numberCheck(in reply: ProviderReply) -> NumberCheck? { nil }
    static func lookup(in reply: ProviderReply) -> MessageLookup? { nil }
}
