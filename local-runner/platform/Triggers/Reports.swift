import EventLoop
import FunctionContract

/// Results of calls, kept until the store has recorded them. No call runs twice because the
/// database was unreachable for a minute.
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
    /// The most results in one request to the store.
    private static let batchLimit = 500

    /// `what` is the name of the results in the log.
    init(to path: String, of store: Store, on loop: EventLoop, _ what: String, console: Console) {
        self.store = store
        self.path = path
        self.what = what
        self.loop = loop
        self.console = console
    }

    /// The number of results that are not recorded yet.
    var count: Int { waiting.count }

    func add(_ report: JSON) {
        waiting.append(report)
        tick()
    }

    /// Sends one batch at a time. Results that arrive meanwhile go into the next batch.
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
