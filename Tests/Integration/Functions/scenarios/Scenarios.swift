import FunctionContract
import FunctionRuntime
import Glibc

/// Does what the path says: the ways in which a function can trouble its host.
@main struct Scenarios {
    static func main() { serve([.everywhere(play)]) }
}

private func play(_ event: HTTPEvent, _ context: Context) throws -> HTTPReply {
    let parameters = event.queryStringParameters
    let count = parameters["count"].flatMap { Int($0) } ?? 0
    switch event.rawPath {
    case "/fail": throw OutOfPaper(sheets: 0)
    case "/reject": throw Rejection(status: 422, code: "rejected", message: "not like this")
    case "/status": return .text("status \(count)", status: count)
    case "/exit": exit(CInt(count))
    case "/trap": fatalError("a trap")
    case "/wait": return .text(try waitForSignal(at: parameters["fifo"] ?? ""))
    case "/flood": return flood(count)
    case "/large": return .text(String(repeating: "x", count: count))
    case "/binary": return binary
    case "/cookies": return cookies
    case "/print": return noise()
    case "/log": return logged(context)
    case "/remaining": return .json(["milliseconds": .integer(milliseconds(context.remaining))])
    case "/environment": return .json(variables(context.environment))
    case "/process": return .json(["id": .integer(Int(getpid()))])
    default: return HTTPReply(body: Event.http(event).bytes)
    }
}

private struct OutOfPaper: Error {
    let sheets: Int
}

/// Blocks until somebody has opened the named pipe for writing and closed it again.
private func waitForSignal(at path: String) throws -> String {
    let descriptor = unsafe open(path, O_RDONLY)
    guard descriptor >= 0 else { throw Rejection.badRequest("no pipe at \"\(path)\"") }
    defer { close(descriptor) }
    let bytes = try Descriptor(number: descriptor).readToEnd(limit: 1024)
    return String(decoding: bytes, as: UTF8.self)
}

private func flood(_ count: Int) -> HTTPReply {
    let line = Array((String(repeating: "e", count: 1023) + "\n").utf8)
    for _ in 0..<count { Descriptor.standardError.writeIgnoringErrors(line) }
    return .text("flooded")
}

private let binary = HTTPReply(
    headers: ["content-type": "application/octet-stream"],
    body: Array(0...255)
)

private let cookies = HTTPReply(
    headers: ["content-type": "text/plain"],
    cookies: ["a=1; Path=/", "b=2"],
    body: Array("sweet".utf8)
)

/// What a library that prints does to a function.
private func noise() -> HTTPReply {
    print("noise by print")
    Descriptor.standardOutput.writeIgnoringErrors(Array("noise by write\n".utf8))
    return .text("clean")
}

private func logged(_ context: Context) -> HTTPReply {
    context.log.debug("debugging", JSONObject([("password", "s3cr3t")]))
    context.log.info("informing", JSONObject([("password", "s3cr3t")]))
    return .text(context.requestID)
}

private func milliseconds(_ duration: Duration) -> Int {
    Int(duration / .milliseconds(1))
}

private func variables(_ environment: Environment) -> JSON {
    let names = environment.variables.keys.sorted()
    return .object(JSONObject(names.map { ($0, .string(environment.variables[$0] ?? "")) }))
}
