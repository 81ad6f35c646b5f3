/// Limits for each client, and for all clients together.
package struct HTTPServerLimits: Sendable {
    /// Bytes of the request line and headers together; a longer head gets a 431.
    package var headBytes = 32 * 1024
    /// Bytes of the request target; a longer target gets a 414.
    package var targetBytes = 16 * 1024
    /// Header fields of a request; more fields get a 431.
    package var headerCount = 100
    /// Bytes of a body; a longer body gets a 413. The server's `bodyLimit` may allow less.
    package var bodyBytes = 6 * 1024 * 1024
    /// Bytes that every connection may always hold, for its request, body and answer together.
    package var freeBytes = 16 * 1024
    /// Bytes that all connections together may hold beyond their free bytes. At this limit, the
    /// connection without progress for the longest time ends with a 503 or a reset.
    package var sharedBytes = 64 * 1024 * 1024

    /// Bytes read ahead while a request is being answered; further bytes stay in the kernel.
    package var pipelinedBytes = 64 * 1024
    /// Bytes of a streamed answer that a slow client may leave queued; beyond this, a reset.
    package var queuedBytes = 16 * 1024 * 1024
    /// Bytes read and discarded so that a client that is still sending can read its refusal.
    package var discardedBytes = 16 * 1024 * 1024
    /// Connections open at once; a further one gets a 503.
    package var connections = 10_000

    /// Time from the first byte of a request to the end of its headers; a slower head gets a 408.
    package var headMilliseconds: UInt64 = 10_000
    /// Time for a body, plus what `bodyBytesPerSecond` grants; a slower body gets a 408.
    package var bodyMilliseconds: UInt64 = 30_000
    /// For this many body bytes received, the client gets one more second.
    package var bodyBytesPerSecond: UInt64 = 16 * 1024
    /// Idle time before a request; afterwards the connection is closed without an answer.
    package var idleMilliseconds: UInt64 = 75_000
    /// Time within which a client must read some of its queued bytes; afterwards, a reset.
    package var writeMilliseconds: UInt64 = 30_000
    /// Time for a client to close after the server has ended its side.
    package var lingerMilliseconds: UInt64 = 2_000
    /// Time that an idle connection stays open during a drain, as a request may be on its way.
    package var drainIdleMilliseconds: UInt64 = 1_000

    /// Limits for a server on the internet behind a proxy.
    package init() {}
}
