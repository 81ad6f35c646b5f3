internal import CCurl
internal import FunctionContract
private import Glibc

/// Sets options on one easy handle, and remembers the first one that libcurl refuses.
@safe
final class EasyOptions {
    private let handle: UnsafeMutableRawPointer
    private(set) var firstFailure = CURLE_OK

    init(handle: UnsafeMutableRawPointer) {
        unsafe self.handle = handle
    }

    func keep(_ code: CURLcode) {
        if firstFailure == CURLE_OK { firstFailure = code }
    }

    func set(_ option: CURLoption, to value: Int) {
        keep(unsafe ccurl_set_long(handle, option, value))
    }

    func set(_ option: CURLoption, to value: String) {
        keep(unsafe value.withCString { unsafe ccurl_set_pointer(handle, option, $0) })
    }

    func set(_ option: CURLoption, to value: UnsafeRawPointer?) {
        keep(unsafe ccurl_set_pointer(handle, option, value))
    }

    func set(_ option: CURLoption, milliseconds value: Duration) {
        // Rounded up, because libcurl takes 0 for "no limit".
        set(option, to: max(1, (value + .nanoseconds(999_999)).wholeMilliseconds))
    }
}

extension EasyOptions {
    /// Sets the options that apply to every request.
    func applyPolicy() {
        set(CURLOPT_NOSIGNAL, to: 1)
        set(CURLOPT_PROTOCOLS_STR, to: "http,https")
        set(CURLOPT_FOLLOWLOCATION, to: 0)
        // One request per connection at a time: a broken connection then leaves one outcome
        // unknown. With HTTP/2 it would leave all of its requests unknown.
        set(CURLOPT_HTTP_VERSION, to: Int(CURL_HTTP_VERSION_1_1))
        // A connection that was idle for longer is more likely to break during the next request.
        set(CURLOPT_MAXAGE_CONN, to: 15)
        // Otherwise libcurl joins its resolver thread, which may hang past the timeout.
        set(CURLOPT_QUICK_EXIT, to: 1)
    }

    /// Reads trusted certificates from where the `curl` tool does. Verification is always on.
    func applyTrust() {
        if let bundle = environment("CURL_CA_BUNDLE") {
            return set(CURLOPT_CAINFO, to: bundle)
        }
        if let folder = environment("SSL_CERT_DIR") { set(CURLOPT_CAPATH, to: folder) }
        if let file = environment("SSL_CERT_FILE") { set(CURLOPT_CAINFO, to: file) }
    }

    func apply(_ limits: OutboundLimits, total: Duration) {
        set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds: min(limits.connect, total))
        set(CURLOPT_TIMEOUT_MS, milliseconds: total)
        set(CURLOPT_LOW_SPEED_LIMIT, to: limits.slowestBytesPerSecond)
        set(CURLOPT_LOW_SPEED_TIME, to: max(1, Int(limits.slowness.components.seconds)))
    }

    func apply(_ method: OutboundRequest.Method, body: [UInt8]) {
        switch method {
        case .get: set(CURLOPT_HTTPGET, to: 1)
        case .head: set(CURLOPT_NOBODY, to: 1)
        case .delete where body.isEmpty: set(CURLOPT_CUSTOMREQUEST, to: method.rawValue)
        case .post: setBody(body)
        case .put, .patch, .delete:
            setBody(body)
            set(CURLOPT_CUSTOMREQUEST, to: method.rawValue)
        }
    }

    /// Returns the header list, which libcurl keeps reading. The caller frees it after the handle.
    func apply(_ headers: HTTPFields) -> UnsafeMutablePointer<curl_slist>? {
        // libcurl would otherwise add a form content type, and wait up to a second for a 100.
        var lines = ["Expect:"]
        if headers["content-type"] == nil { lines.append("Content-Type:") }
        lines += headers.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = unsafe curl_slist_append(list, line) else {
                keep(CURLE_OUT_OF_MEMORY)
                break
            }
            unsafe list = longer
        }
        unsafe set(CURLOPT_HTTPHEADER, to: UnsafeRawPointer(list))
        return unsafe list
    }

    private func setBody(_ body: [UInt8]) {
        keep(unsafe ccurl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
        unsafe body.withUnsafeBytes { bytes in
            // An empty array may have no address. libcurl would take a null pointer for "no body".
            unsafe set(CURLOPT_COPYPOSTFIELDS, to: bytes.baseAddress ?? UnsafeRawPointer(handle))
        }
    }

    private func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { return nil }
        return unsafe String(cString: value)
    }
}

extension Duration {
    var wholeMilliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
