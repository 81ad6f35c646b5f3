import EventLoop
import Glibc

/// Drains the simulator on the first signal, and ends it at once on the second.
final class Shutdown {
    private static let graceMilliseconds = 5_000

    private let simulator: Simulator
    private let progress: Progress
    private var watchers: [SignalWatcher] = []
    private var isDraining = false

    init(of simulator: Simulator, _ progress: Progress) throws(UVError) {
        self.simulator = simulator
        self.progress = progress
        for signal in [SIGTERM, SIGINT] {
            watchers.append(
                try SignalWatcher(on: simulator.loop, signal: signal) { [unowned self] in
                    receive(signal)
                }
            )
        }
    }

    func close() {
        for watcher in watchers { watcher.close() }
        watchers = []
    }

    private func receive(_ signal: CInt) {
        guard !isDraining else { exit(128 + signal) }
        isDraining = true
        simulator.drain(graceMilliseconds: Self.graceMilliseconds) { [self] in
            progress.conclude()
            close()
        }
    }
}
