import FunctionContract

/// One answered request, for the access log.
struct AccessEntry {
    let method: String
    let path: String
    let status: Int
    let bytes: Int
    let microseconds: UInt64
    let function: String?
    let requestID: String
    let peer: String

    func json(_ time: Timestamp) -> [UInt8] {
        var line = JSONWriter(reserving: 256)
        line.object { line in
            line.member("time", time.rfc3339)
            line.member("level", "info")
            line.member("event", "request")
            line.member("method", method)
            line.member("path", path)
            line.name("status")
            line.integer(status)
            line.name("bytes")
            line.integer(bytes)
            line.name("microseconds")
            line.integer(microseconds)
            if let function { line.member("function", function) }
            line.member("requestId", requestID)
            line.member("peer", peer)
        }
        return line.bytes
    }

    func text(_ time: Timestamp, paint: Paint) -> [UInt8] {
        let clock = paint.dim(String(time.rfc3339.dropFirst(11).prefix(8)))
        let code =
            status >= 500
            ? paint.red("\(status)")
            : status >= 400 ? paint.yellow("\(status)") : paint.green("\(status)")
        let tenths = microseconds / 100
        let took = paint.dim("\(tenths / 10).\(tenths % 10) ms")
        let owner = function.map { " " + paint.cyan("[\($0)]") } ?? ""
        return Array("\(clock)\(owner) \(method) \(path) \(code) \(took)".utf8)
    }
}
