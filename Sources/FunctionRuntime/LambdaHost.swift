internal import FunctionContract

/// AWS Lambda: this process asks the Runtime API for events, one at a time, until it is ended.
struct LambdaHost {
    let process: FunctionProcess
    let api: LambdaRuntimeAPI

    init(process: FunctionProcess, address: String) throws(LambdaError) {
        self.process = process
        api = try LambdaRuntimeAPI(address: address)
    }

    func run(_ function: Function) throws(LambdaError) -> CInt {
        while true {
            let invocation = try api.next()
            let reply = answer(invocation, function)
            var writer = JSONWriter(reserving: 1024)
            if case .failure(let failure) = reply.withinLimit(&writer) {
                try api.reportError(failure, of: invocation.requestID)
            } else {
                try api.respond(writer.bytes, to: invocation.requestID)
            }
        }
    }

    /// Tells the platform that this process will never take an event.
    func reportInitError(_ failure: FunctionFailure) throws(LambdaError) {
        try api.reportInitError(failure)
    }

    private func answer(_ invocation: LambdaInvocation, _ function: Function) -> Reply {
        let call = HostCall(
            requestID: invocation.requestID,
            deadline: invocation.deadline,
            traceID: invocation.traceID
        )
        do {
            let event = try Event.decode(invocation.payload)
            return process.answer(event, with: function, call: call)
        } catch {
            return .failure(FunctionFailure(type: "MalformedEvent", message: error.message))
        }
    }
}

/// One event from the Runtime API.
struct LambdaInvocation {
    let requestID: String
    let deadline: Timestamp?
    let traceID: String?
    let payload: [UInt8]
}

/// The Runtime API could not be reached, or answered against its own protocol.
struct LambdaError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
