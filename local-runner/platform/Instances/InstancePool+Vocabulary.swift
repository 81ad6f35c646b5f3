import FunctionContract

/// Milliseconds of a monotonic clock.
typealias Milliseconds = UInt64

extension InstancePool {
    enum Event: Equatable {
        /// A new call, with the approximate length of its event.
        case arrived(Call, bytes: Int = 0)
        /// The instance answered its oldest call.
        case replied(Instance)
        /// The instance wrote output that is no reply, so its next line cannot be trusted.
        case misbehaved(Instance)
        case exited(Instance)
        /// The caller no longer waits for this call.
        case cancelled(Call)
        /// The instance must be replaced: it holds too much memory, or its output continued after a
        /// reply.
        case wornOut(Instance)
        case tick
        case replace
        case drain
    }

    enum Action: Equatable {
        case start(Instance)
        /// Give the instance these calls, in this order. It has no others.
        case send([Call], Instance)
        case refuse(Call, Refusal)
        case fail(Call, CallFailure)
        /// Close the instance's stdin, so that it ends by itself.
        case stop(Instance)
        /// SIGTERM to the whole process group.
        case terminate(Instance)
        /// SIGKILL to the whole process group.
        case kill(Instance)
    }

    /// Why a call was not tried.
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
        /// The open calls, in the order of their replies; empty unless the instance is busy.
        var calls: [Call] = []
        var served = 0
        /// The instance is to be replaced after its current calls.
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

    /// The limits and times of one function's pool.
    struct Rules: Equatable {
        var max: Int
        /// The most calls that an instance may have at once.
        var batch: Int
        var prewarmed: Int
        var queueLimit: Int
        var queueTime: Milliseconds
        var timeout: Milliseconds
        var idleTime: Milliseconds
        var recycleAfter: Int
        /// The most bytes in one batch. A single call may be longer.
        static let batchBytes = 262_144
        /// The most bytes in the queue. A single call may be longer.
        static let queueBytes = 16_777_216
        /// The time between two steps of ending an instance: close stdin, SIGTERM, SIGKILL.
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
