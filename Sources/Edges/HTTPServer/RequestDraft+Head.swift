internal import CLLHTTP

// Checks of the whole head. llhttp checks only single lines.

extension RequestDraft {
    /// Throws when the head is invalid. Returns whether the client waits for a 100.
    func checkHead(
        _ parsed: llhttp_t,
        _ limits: HTTPServerLimits
    ) throws(RequestFailure) -> Bool {
        guard unsafe parsed.method != UInt8(HTTP_CONNECT.rawValue) else { throw .connect }
        guard isRequestTarget(target.span) else {
            throw .malformed("its target is neither a path nor an http address")
        }
        // RFC 9112 §3.2.4
        if target == [UInt8(ascii: "*")], unsafe parsed.method != UInt8(HTTP_OPTIONS.rawValue) {
            throw .malformed("only OPTIONS may have the target *")
        }
        if let authority = authority(ofTarget: target.span) {
            guard !authority.isEmpty, isHost(target.span.extracting(authority)) else {
                throw .malformed("its target names no host")
            }
        }
        let isHTTP10 = unsafe parsed.http_minor == 0
        var hostCount = 0
        var codingCount = 0
        var expectsContinue = false
        let bytes = headers.bytes
        for field in headers.fields {
            let name = bytes.span.extracting(field.name)
            let value = bytes.span.extracting(field.value)
            switch name.count {
            case 4 where isWord(name, "host"):
                guard isHost(value) else { throw .malformed("its Host is not a host") }
                hostCount += 1
            case 6 where isWord(name, "expect"):
                guard isWord(value, "100-continue") else { throw .expectation }
                expectsContinue = !isHTTP10
            case 17 where isWord(name, "transfer-encoding"):
                guard isWord(value, "chunked") else { throw .transferCoding }
                codingCount += 1
            default: continue
            }
        }
        try checkCounts(hostCount, codingCount, isHTTP10)
        guard unsafe parsed.content_length <= UInt64(limits.bodyBytes) else {
            throw .bodyTooLarge(limits.bodyBytes)
        }
        return expectsContinue
    }

    private func checkCounts(
        _ hostCount: Int,
        _ codingCount: Int,
        _ isHTTP10: Bool
    ) throws(RequestFailure) {
        if hostCount > 1 { throw .malformed("it has more than one Host") }
        if hostCount == 0 && !isHTTP10 { throw .malformed("it has no Host") }
        if codingCount > 1 || codingCount == 1 && isHTTP10 {
            throw .malformed("its Transfer-Encoding has more than one meaning")
        }
    }
}

extension llhttp_t {
    var hasBody: Bool { unsafe content_length > 0 || has(F_CHUNKED) }

    /// RFC 9112 §9.3: HTTP/1.1 keeps the connection open unless told to close; HTTP/1.0 closes it
    /// unless told to keep it.
    var keepsAlive: Bool {
        if unsafe has(F_CONNECTION_CLOSE) { return false }
        return unsafe http_minor > 0 || has(F_CONNECTION_KEEP_ALIVE)
    }

    func has(_ flag: llhttp_flags_t) -> Bool {
        unsafe flags & UInt16(flag.rawValue) != 0
    }
}

extension RequestFailure {
    /// The failure for an error of llhttp.
    init(_ result: llhttp_errno_t, _ parsed: llhttp_t) {
        // llhttp also reports `HPE_INVALID_VERSION` for bad bytes after a valid version.
        let isVersionGood = unsafe parsed.http_major == 1 && parsed.http_minor <= 1
        switch result {
        case HPE_PAUSED_H2_UPGRADE: self = .version
        case HPE_INVALID_VERSION where !isVersionGood: self = .version
        default: self = unsafe .malformed(String(cString: parsed.reason))
        }
    }
}

/// The method names, indexed by llhttp's method numbers.
let methodNames: [String] = (0...UInt8(HTTP_QUERY.rawValue)).map { number in
    let method = llhttp_method_t(rawValue: UInt32(number))
    return unsafe String(cString: llhttp_method_name(method))
}
