internal import CCurl
package import Networks

/// Sends HTTP requests, one or many at once, and keeps connections for later requests.
///
/// Every request is sent at most once, without hidden retries or redirects; the outcome reports the
/// result. The client connects to no address that the egress policy refuses, even through a name.
@safe
package final class HTTPClient {
    package static let defaultUserAgent = "relais/1.0"

    /// Nil before the first request, so a process that sends nothing does not start libcurl.
    private var multi: UnsafeMutableRawPointer?
    private let egress: EgressPolicy
    private let userAgent: String
    /// Transfers by the address of their easy handle, which libcurl reports.
    private var inFlight: [Int: Flight] = [:]

    package init(egress: EgressPolicy, userAgent: String = defaultUserAgent) {
        self.egress = egress
        self.userAgent = userAgent
    }

    deinit {
        guard let multi = unsafe multi else { return }
        for flight in inFlight.values {
            unsafe curl_multi_remove_handle(multi, flight.transfer.handle)
        }
        unsafe curl_multi_cleanup(multi)
    }

    /// Sends one request and waits for its outcome, at most until `deadline`.
    package func send(
        _ request: OutboundRequest,
        deadline: ContinuousClock.Instant? = nil
    ) -> OutboundOutcome {
        var result: OutboundOutcome?
        sendAll([PlannedRequest(request, deadline: deadline)], concurrency: 1) { result = $1 }
        guard let result else { preconditionFailure("every request added has an outcome") }
        return result
    }

    /// Sends all requests, at most `concurrency` at a time, and returns after the last outcome.
    /// Reports each outcome with the index of its request as soon as it is known.
    package func sendAll(
        _ requests: [PlannedRequest],
        concurrency: Int,
        onOutcome: (Int, OutboundOutcome) -> Void
    ) {
        let batch = OutboundBatch(on: self, concurrency: concurrency)
        var next = 0
        while next < requests.count || !batch.isEmpty {
            while next < requests.count, !batch.isFull {
                batch.add(requests[next])
                next += 1
            }
            for finished in batch.step(upTo: .seconds(1)) {
                onOutcome(finished.ticket, finished.outcome)
            }
        }
    }

    private struct Flight {
        let transfer: Transfer
        let onOutcome: (OutboundOutcome) -> Void
    }

    private static let libraryIsReady =
        curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}

// MARK: For batches

extension HTTPClient {
    /// Starts a valid request. `onOutcome` is called once: from a later `advance`, or at once when
    /// libcurl refuses an option.
    func start(
        _ request: OutboundRequest,
        total: Duration,
        onOutcome: @escaping (OutboundOutcome) -> Void
    ) {
        let multi = unsafe startedMulti()
        let transfer = Transfer(limits: request.limits, egress: egress)
        let code = transfer.configure(request, total: total, userAgent: userAgent)
        guard code == CURLE_OK else { return onOutcome(transfer.outcome(of: code)) }
        let address = Int(bitPattern: unsafe transfer.handle)
        inFlight[address] = Flight(transfer: transfer, onOutcome: onOutcome)
        let added = unsafe curl_multi_add_handle(multi, transfer.handle)
        precondition(added == CURLM_OK, "a fresh handle can always be added")
    }

    /// Advances every transfer as far as possible without waiting, and reports the finished ones.
    func advance() {
        guard let multi = unsafe multi else { return }
        var running: CInt = 0
        unsafe curl_multi_perform(multi, &running)
        var waiting: CInt = 0
        while let message = unsafe curl_multi_info_read(multi, &waiting) {
            guard unsafe message.pointee.msg == CURLMSG_DONE,
                let handle = unsafe message.pointee.easy_handle
            else { continue }
            // Read the result first: removing the handle frees the message.
            let code = unsafe ccurl_message_result(message)
            unsafe finish(handle, code)
        }
    }

    /// Waits until a transfer can advance or the time is over.
    func wait(upTo timeout: Duration) {
        let milliseconds = CInt(clamping: max(0, timeout.wholeMilliseconds))
        unsafe curl_multi_poll(startedMulti(), nil, 0, milliseconds, nil)
    }

    private func startedMulti() -> UnsafeMutableRawPointer {
        if let multi = unsafe multi { return unsafe multi }
        precondition(Self.libraryIsReady, "libcurl refuses to start")
        guard let started = unsafe curl_multi_init() else { preconditionFailure("out of memory") }
        unsafe ccurl_multi_set_long(started, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
        unsafe multi = started
        return unsafe started
    }

    private func finish(_ handle: UnsafeMutableRawPointer, _ code: CURLcode) {
        unsafe curl_multi_remove_handle(multi, handle)
        guard let flight = inFlight.removeValue(forKey: Int(bitPattern: handle)) else { return }
        flight.onOutcome(flight.transfer.outcome(of: code))
    }
}

@available(*, unavailable) extension HTTPClient: Sendable {}
