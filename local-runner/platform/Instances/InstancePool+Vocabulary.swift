import FunctionContract

/// Milliseconds of a clock that never goes back.
typealias Milliseconds = UInt64

extension InstancePool {
    enum Event: Equatable {
        /// A call whose event is about that long.
        case arrived(Call, bytes: Int = 0)
        /// The instance answered the first of its calls.
        case replied(Instance)
        /// The instance wrote something that is no reply: its next line cannot be trusted.
        case misbehaved(Instance)
        case exited(Instance)
        /// Nobody waits for this call any more.
        case cancelled(Call)
        /// The instance is to be replaced: it holds too much memory or says too much.
        case wornOut(Instance)
        case tick
        case replace
        case drain
    }

    enum Action: Equatable {
        case start(Instance)
        /// These calls, in this order, are now all that the instance has in hand.
        case send([Call], Instance)
        case refuse(Call, Refusal)
        case fail(Call, CallFailure)
        /// Close the instance's stdin and let it end by itself.
        case stop(Instance)
        /// SIGTERM to the whole process group.
        case terminate(Instance)
        /// SIGKILL to the whole process group.
        case kill(Instance)
    }

    /// Why a call was not even tried.
    enum Refusal: Equatable {
        case queueFull
        case waitedTooLong
        case draining
    }

    /// Why a call that was tried has no reply.
    enum CallFailure: Equatable {
        case died
        case timedOut
    }

    struct State: Equatable {
        var phase: Phase
        /// What it has in hand, in the order of its replies; empty unless it is busy.
        var calls: [Call] = []
        var served = 0
        /// To be replaced after its current calls.
        var isWornOut = false

        enum Phase: Equatable {
            case idle(since: Milliseconds)
            case busy(until: Milliseconds)
            case stopping(until: Milliseconds, isTerminated: Bool)
        }

        mutating func take(_ calls: [Call], until deadline: Milliseconds) {
            precondition(self.calls.isEmpty && !isStopping, "the instance is not free for a call")
            phase = .busy(until: deadline)
            self.calls = calls
        }

        mutating func finishFirstCall() {
            precondition(!calls.isEmpty, "the instance has no call to finish")
            served += 1
            calls.removeFirst()
        }

        mutating func stop(until deadline: Milliseconds) {
            precondition(!isStopping && calls.isEmpty, "the instance cannot be stopped now")
            phase = .stopping(until: deadline, isTerminated: false)
        }

        mutating func terminate(until deadline: Milliseconds) {
            phase = .stopping(until: deadline, isTerminated: true)
            calls = []
        }

        var isBusy: Bool {
            if case .busy = phase { true } else { false }
        }

        var isStopping: Bool {
            if case .stopping = phase { true } else { false }
        }
    }

    /// The numbers of one function's pool.
    struct Rules: Equatable {
        var max: Int
        /// Calls that an instance may have in hand.
        var batch: Int
        var prewarmed: Int
        var queueLimit: Int
        var queueTime: Milliseconds
        var timeout: Milliseconds
        var idleTime: Milliseconds
        var recycleAfter: Int
        /// What is handed over together is no longer, unless it is a single call.
        static let batchBytes = 262_144
        /// What waits is no longer, unless it is a single call.
        static let queueBytes = 16_777_216
        /// Between asking an instance to end and ending it.
        var grace: Milliseconds = 2_000

        init(_ manifest: Manifest) {
            let concurrency = manifest.concurrency
            max = concurrency.max
            batch = manifest.framing == .stream ? concurrency.batch : 1
            prewarmed = manifest.framing == .stream ? concurrency.prewarmed : 0
            queueLimit = concurrency.queue
            queueTime = Milliseconds(concurrency.queueSeconds) * 1000
            timeout = Milliseconds(manifest.timeoutSeconds) * 1000
            idleTime = Milliseconds(concurrency.idleSeconds) * 1000
            recycleAfter = manifest.framing == .stream ? concurrency.recycleAfter : 1
        }
    }
}
