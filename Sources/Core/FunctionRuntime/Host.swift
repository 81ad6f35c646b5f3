/// The kind of host that runs this process, detected from the environment.
enum Host: Equatable {
    case oneShot
    case stream
    case lambda(String)
    case actionLoop
    case watchdog

    init(_ environment: Environment) {
        if let address = environment["AWS_LAMBDA_RUNTIME_API"] {
            self = .lambda(address)
        } else if environment.variables.keys.contains(where: { $0.hasPrefix("__OW_") }) {
            self = .actionLoop
        } else if environment["Http_Method"] != nil {
            self = .watchdog
        } else {
            self = environment["FUNCTION_STREAM"] == "1" ? .stream : .oneShot
        }
    }

    /// On the other hosts, stdout is part of the log.
    var takesRepliesOnStandardOutput: Bool {
        switch self {
        case .oneShot, .stream, .watchdog: true
        case .lambda, .actionLoop: false
        }
    }
}
