import Dispatch
import Glibc
import Synchronization

/// Runs tests on threads of its own. Tests here wait for processes and sockets; on the threads of
/// Swift's concurrency, one for each core, two waiting tests would stop all others.
final class TestThreads: TaskExecutor {
    /// Several tests run at once on each core, because most of them wait most of the time.
    static let shared = TestThreads(count: 3 * sysconf(CInt(_SC_NPROCESSORS_ONLN)))

    /// In the order in which they came.
    private let jobs = Mutex<[UnownedJob]>([])
    private let count = DispatchSemaphore(value: 0)
    private let threads = Mutex<[BackgroundThread]>([])

    private init(count: Int) {
        let threads = (0..<count).map { _ in BackgroundThread { self.run() } }
        self.threads.withLock { $0 = threads }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        count.signal()
    }

    private func run() -> Never {
        while true {
            count.wait()
            let job = jobs.withLock { $0.removeFirst() }
            unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
