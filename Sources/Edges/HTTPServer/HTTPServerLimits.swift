/// What one client, and all of them together, may take.
package struct HTTPServerLimits: Sendable {
    /// Bytes of the request line and headers together; more is a 431.
    package var headBytes = 32 * 1024
    /// Bytes of the request target; more is a 414.
    package var targetBytes = 16 * 1024
    /// Header fields of a request; more is a 431.
    package var headerCount = 100
    /// Bytes of a body; more is a 413. The server's `bodyLimit` may allow less.
    package var bodyBytes = 6 * 1024 * 1024
    /// Bytes that every connection may hold at any time: of a request, of its body, of its answer.
    package var freeBytes = 16 * 1024
    /// Bytes that all connections together may hold beyond their free ones. At the limit the
    /// connection that has made no progress for the longest time ends with a 503 or a reset.
    package var sharedBytes = 64 * 1024 * 1024

    /// Bytes read ahead of the request being answered; the rest waits in the kernel.
    package var pipelinedBytes = 64 * 1024
    /// Bytes of a streamed answer that a slow client may leave in memory; more is a reset.
    package var queuedBytes = 16 * 1024 * 1024
    /// Bytes read and thrown away so that a client in full flow can still read its refusal.
    package var discardedBytes = 16 * 1024 * 1024
    /// Connections open at once; one more is a 503.
    package var connections = 10_000

    /// From the first byte of a request to the end of its headers; longer is a 408.
    package var headMilliseconds: UInt64 = 10_000
    /// For a body, besides what `bodyBytesPerSecond` allows for its bytes; longer is a 408.
    package var bodyMilliseconds: UInt64 = 30_000
    /// The rate at which bytes of a body buy it more time.
    package var bodyBytesPerSecond: UInt64 = 16 * 1024
    /// Between two requests, or before the first; then the connection is closed without a word.
    package var idleMilliseconds: UInt64 = 75_000
    /// For a client to take some of the bytes that wait for it; then the connection is reset.
    package var writeMilliseconds: UInt64 = 30_000
    /// For a client to close after it has been told that the connection ends.
    package var lingerMilliseconds: UInt64 = 2_000
    /// How long an idle connection stays open once the server drains: a request may be on its way.
    package var drainIdleMilliseconds: UInt64 = 1_000

    /// The limits of a server on the open internet behind a proxy.
    package init() {}
}
