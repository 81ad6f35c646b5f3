internal import CCurl
internal import Networks

/// One request in progress. It owns a libcurl easy handle and collects the response.
///
/// libcurl repeats a request by itself when a kept-alive connection closes before the first byte of
/// an answer, even a POST. But the server may have processed the first copy. `beforeRequest` sees
/// each attempt and refuses it when request bytes were already written.
@safe
final class Transfer {
    let handle: UnsafeMutableRawPointer
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>
    private var response: IncomingResponse
    private var reachedConnection = false
    private let egress: EgressPolicy
    private var isPlain = false
    /// Why an address was refused. Other addresses of the same name may still be allowed.
    private var egressRefusal: EgressRefusal?
    private var openedSocket = false

    init(limits: OutboundLimits, egress: EgressPolicy) {
        self.egress = egress
        guard let handle = unsafe curl_easy_init() else { preconditionFailure("out of memory") }
        unsafe self.handle = handle
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        response = IncomingResponse(limits: limits)
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(headerList)
        unsafe errorText.deallocate()
    }

    /// Prepares the handle. Returns the code of the first option that libcurl refuses.
    func configure(_ request: OutboundRequest, total: Duration, userAgent: String) -> CURLcode {
        let options = unsafe EasyOptions(handle: handle)
        unsafe options.set(CURLOPT_ERRORBUFFER, to: UnsafeRawPointer(errorText))
        options.applyPolicy()
        options.applyTrust()
        options.apply(request.limits, total: total)
        options.set(CURLOPT_USERAGENT, to: userAgent)
        options.set(CURLOPT_URL, to: request.url)
        isPlain = request.url.prefix { $0 != ":" }.lowercased() != "https"
        if let socket = request.unixSocket { options.set(CURLOPT_UNIX_SOCKET_PATH, to: socket) }
        if request.acceptsCompression { options.set(CURLOPT_ACCEPT_ENCODING, to: "") }
        options.apply(request.method, body: request.body)
        unsafe headerList = options.apply(request.headers)
        options.keep(listen())
        return options.firstFailure
    }

    /// The outcome of the request after libcurl has reported `code`.
    func outcome(of code: CURLcode) -> OutboundOutcome {
        if code == CURLE_OK {
            return .response(
                OutboundResponse(
                    status: number(CURLINFO_RESPONSE_CODE),
                    headers: response.headers,
                    body: response.body
                )
            )
        }
        if !openedSocket, let egressRefusal {
            return .notSent(OutboundFailure(.refusedAddress, egressRefusal.description))
        }
        return TransferEvidence(
            code: code,
            reachedConnection: reachedConnection,
            requestBytes: number(CURLINFO_REQUEST_SIZE),
            responseTooLarge: response.isTooLarge,
            message: message(for: code)
        ).failure
    }

    private func message(for code: CURLcode) -> String {
        if response.isTooLarge { return "the response is larger than allowed" }
        if code == CURLE_ABORTED_BY_CALLBACK {
            return "the server closed the connection after the request was written"
        }
        let detail = unsafe String(cString: errorText)
        return unsafe detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
    }

    private func number(_ info: CURLINFO) -> Int {
        var value = 0
        _ = unsafe ccurl_get_long(handle, info, &value)
        return value
    }
}

// MARK: Callbacks. The context is this object, which outlives its handle.

extension Transfer {
    private func listen() -> CURLcode {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        let code = unsafe ccurl_set_open_socket(handle, context) { context, _, address in
            unsafe Transfer.from(context).openSocket(to: address!)
        }
        guard code == CURLE_OK else { return code }
        return unsafe ccurl_set_callbacks(
            handle,
            context,
            { context, _, _, _, _ in
                let mayGo = unsafe Transfer.from(context).beforeRequest()
                return mayGo ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
            },
            { bytes, _, count, context in
                let line = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
                return unsafe Transfer.from(context).response.receive(headerLine: line) ? count : 0
            },
            { bytes, _, count, context in
                let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
                return unsafe Transfer.from(context).response.receive(body: piece) ? count : 0
            }
        )
    }

    /// Opens the socket of a connection if the egress policy allows its address. The name is
    /// already resolved, so this is the real destination.
    private func openSocket(to address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe ccurl_copy_address(address, $0.baseAddress)
        }
        let target = IPAddress(bytes: bytes.prefix(count))
        let refusal = target.map { egress.refusal(of: $0, isPlain: isPlain) } ?? .notPublic
        if let refusal {
            egressRefusal = refusal
            return curl_socket_t(CURL_SOCKET_BAD)
        }
        openedSocket = true
        return unsafe ccurl_open_socket(address)
    }

    private func beforeRequest() -> Bool {
        reachedConnection = true
        return number(CURLINFO_REQUEST_SIZE) == 0
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer {
        unsafe Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
    }
}
