internal import CLLHTTP

// The callbacks of llhttp. A callback that refuses the request sets `failure` and stops llhttp.

extension RequestParser {
    fileprivate func didReceiveTarget(_ piece: Span<UInt8>) -> CInt {
        do throws(RequestFailure) {
            try draft.addTarget(piece, limit: limits.targetBytes)
            return 0
        } catch {
            return stop(error)
        }
    }

    // llhttp also accepts RTSP and ICE request lines, and reports their versions in the same way.
    fileprivate func didReceiveVersion(at start: UnsafePointer<CChar>) -> CInt {
        if isHTTP { return 0 }
        unsafe rememberEnd(start)
        isHTTP = recent & 0xFF_FFFF_FFFF == httpSlash
        return isHTTP ? 0 : stop(.malformed("its request line does not say HTTP"))
    }

    fileprivate func didCompleteVersion(_ major: UInt8, _ minor: UInt8) -> CInt {
        major == 1 && minor <= 1 ? 0 : stop(.version)
    }

    fileprivate func didReceiveName(_ piece: Span<UInt8>) -> CInt {
        do throws(RequestFailure) {
            try draft.addName(piece, limit: limits.headerCount)
            return 0
        } catch {
            return stop(error)
        }
    }

    fileprivate func didReceiveBody(_ piece: Span<UInt8>) -> CInt {
        do throws(RequestFailure) {
            try draft.addBody(piece, limit: bodyLimit)
            return 0
        } catch {
            return stop(error)
        }
    }

    private func stop(_ failure: RequestFailure) -> CInt {
        self.failure = failure
        return -1
    }

    /// Keeps the last bytes before `end`, since the input may be split in the middle of a word.
    func rememberEnd(_ end: UnsafePointer<CChar>) {
        guard !isHTTP, let executed = unsafe executed else { return }
        let count = unsafe end - executed
        for index in max(0, count - 5)..<count {
            recent = unsafe recent << 8 | UInt64(UInt8(bitPattern: executed[index]))
        }
    }
}

private let httpSlash: UInt64 = "HTTP/".utf8.reduce(0) { $0 << 8 | UInt64($1) }

/// Calls `body` with the parser that the callback belongs to.
private func with(
    _ raw: UnsafeMutablePointer<llhttp_t>?,
    _ body: (RequestParser) -> CInt
) -> CInt {
    let parser = unsafe Unmanaged<RequestParser>.fromOpaque(raw!.pointee.data)
    return unsafe parser._withUnsafeGuaranteedRef(body)
}

private func with(
    _ raw: UnsafeMutablePointer<llhttp_t>?,
    _ start: UnsafePointer<CChar>?,
    _ count: Int,
    _ body: (RequestParser, Span<UInt8>) -> CInt
) -> CInt {
    let bytes = unsafe UnsafeRawPointer(start!).assumingMemoryBound(to: UInt8.self)
    let piece = unsafe Span(_unsafeStart: bytes, count: count)
    return unsafe with(raw) { body($0, piece) }
}

private let pause: llhttp_cb = { _ in CInt(HPE_PAUSED.rawValue) }

// Initialised once, before the first parser exists; afterwards llhttp only reads it.
nonisolated(unsafe) let parserSettings: UnsafePointer<llhttp_settings_t> = {
    let settings = UnsafeMutablePointer<llhttp_settings_t>.allocate(capacity: 1)
    unsafe llhttp_settings_init(settings)
    unsafe settings.pointee.on_url = { raw, start, count in
        unsafe with(raw, start, count) { $0.didReceiveTarget($1) }
    }
    unsafe settings.pointee.on_version = { raw, start, _ in
        unsafe with(raw) { unsafe $0.didReceiveVersion(at: start!) }
    }
    unsafe settings.pointee.on_version_complete = { raw in
        let (major, minor) = unsafe (raw!.pointee.http_major, raw!.pointee.http_minor)
        return unsafe with(raw) { $0.didCompleteVersion(major, minor) }
    }
    unsafe settings.pointee.on_header_field = { raw, start, count in
        unsafe with(raw, start, count) { $0.didReceiveName($1) }
    }
    unsafe settings.pointee.on_header_value = { raw, start, count in
        unsafe with(raw, start, count) {
            $0.draft.addValue($1)
            return 0
        }
    }
    unsafe settings.pointee.on_header_value_complete = { raw in
        unsafe with(raw) {
            $0.draft.endValue()
            return 0
        }
    }
    unsafe settings.pointee.on_headers_complete = pause
    unsafe settings.pointee.on_body = { raw, start, count in
        unsafe with(raw, start, count) { $0.didReceiveBody($1) }
    }
    unsafe settings.pointee.on_message_complete = pause
    return unsafe UnsafePointer(settings)
}()
