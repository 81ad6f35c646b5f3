internal import FunctionContract

/// AWS Lambda: requests events from the Runtime API, one at a time, until the platform ends the
/// process.
struct LambdaHost {
    let process: FunctionProcess
    let api: LambdaRuntimeAPI

    init(process: FunctionProcess, address: String) throws(LambdaError) {
        self.process = process
        api = try LambdaRuntimeAPI(address: address)
    }

    func run(_ function: Function) throws(LambdaError) -> Never {
        while true { try serveNext(function) }
    }

    /// Tells the platform that this process cannot take events.
    func reportInitError(_ failure: FunctionFailure) throws(LambdaError) {
        try api.reportInitError(failure)
    }

    private func serveNext(_ function: Function) throws(LambdaError) {
        let invocation = try api.next()
        var writer = JSONWriter(reserving: 1024)
        let receipt: LambdaRuntimeAPI.Receipt
        switch answer(invocation, function).withinLimit(&writer) {
        case .failure(let failure):
            receipt = try api.reportError(failure, of: invocation.requestID)
        case .http, .batch:
            receipt = try api.respond(writer.bytes, to: invocation.requestID)
        }
        if case .refused(let status) = receipt {
            process.log.with("requestId", .string(invocation.requestID))
                .error("the platform refused the answer with status \(status)")
        }
    }

    private func answer(_ invocation: LambdaInvocation, _ function: Function) -> Reply {
        let call = HostCall(
            requestID: invocation.requestID,
            deadline: invocation.deadline,
            traceID: invocation.traceID
        )
        return process.answer(invocation.payload, with: function, call: call)
    }
}

/// One event from the Runtime API.
struct LambdaInvocation {
    let requestID: String
    let deadline: Timestamp?
    let traceID: String?
    let payload: [UInt8]
}

/// The Runtime API was unreachable, or violated its own protocol.
struct LambdaError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
