import FunctionContract
import FunctionRuntime

/// Counts its calls in a state that is prepared once, unless `PREPARATION_FAILS` says how it fails.
@main struct Prepared {
    static func main() { serve([.everywhere(count)], starting: prepare, queue: countBatch) }
}

private func prepare(_ environment: Environment) throws -> Int {
    print("noise while preparing")
    guard let reason = environment["PREPARATION_FAILS"] else { return 0 }
    throw FunctionFailure(type: "NoDatabase", message: reason)
}

private func count(_ event: HTTPEvent, _ context: Context, _ calls: inout Int) -> HTTPReply {
    calls += 1
    return .json(["calls": .integer(calls)])
}

private func countBatch(_ event: QueueEvent, _ context: Context, _ calls: inout Int) -> BatchReply {
    calls += 1
    return BatchReply(processed: calls)
}
