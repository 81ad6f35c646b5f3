import EventLoop
import FunctionContract

/// What became of calls, kept until the store has written it down: a database that is away for a
/// minute must not make anything run twice.
final class Reports {
    private let store: Store
    private let path: String
    private let what: String
    private let console: Console
    private let loop: EventLoop
    private var waiting: [JSON] = []
    private var isSending = false
    private var sendAt: Milliseconds = 0

    private static let retryWait: Milliseconds = 1_000
    /// In one question to the store.
    private static let batchLimit = 500

    /// `what` names them in the log.
    init(to path: String, of store: Store, on loop: EventLoop, _ what: String, console: Console) {
        self.store = store
        self.path = path
        self.what = what
        self.loop = loop
        self.console = console
    }

    /// How many are not written down yet.
    var count: Int { waiting.count }

    func add(_ report: JSON) {
        waiting.append(report)
        tick()
    }

    /// What gathers while one batch is on its way goes with the next.
    func tick() {
        guard !waiting.isEmpty, !isSending, loop.now >= sendAt else { return }
        isSending = true
        let batch = Array(waiting.prefix(Self.batchLimit))
        store.call("POST", path, ["results": .array(batch)]) { [unowned self] answer in
            isSending = false
            didSend(batch.count, answer)
        }
    }

    private func didSend(_ count: Int, _ answer: Store.Answer) {
        switch answer {
        case .success: waiting.removeFirst(count)
        case .failure(let error) where error.isOurs:
            waiting.removeFirst(count)
            console.error("\(what): results lost: \(count), \(error.message)")
        case .failure(let error):
            sendAt = loop.now + Self.retryWait
            console.error("\(what): results to be recorded later: \(count), \(error.message)")
        }
        tick()
    }
}
