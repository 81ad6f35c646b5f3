import Sending
import Synchronization

/// What a run on another thread came to.
final class ResultBox: Sendable {
    private struct Unset: Error {}

    private let result = Mutex<Result<SendSummary, any Error>>(.failure(Unset()))

    func set(_ new: Result<SendSummary, any Error>) { result.withLock { $0 = new } }

    func get() throws -> SendSummary { try result.withLock { $0 }.get() }
}
