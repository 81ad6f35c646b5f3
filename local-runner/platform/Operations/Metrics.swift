import FunctionContract
import Glibc

/// The metrics that Prometheus reads at `/_metrics`, under names that existing dashboards use.
final class Metrics {
    var inFlight = 0
    private var requests: [Key: Series] = [:]
    let startedAt: Timestamp

    init(startedAt: Timestamp) {
        self.startedAt = startedAt
    }

    var uptimeSeconds: Int {
        Int(Timestamp.now.milliseconds - startedAt.milliseconds) / 1000
    }

    fileprivate struct Key: Hashable {
        let function: String
        let method: String
        let status: Int
    }

    private struct Series {
        var buckets = [Int](repeating: 0, count: Metrics.bounds.count + 1)
        var nanoseconds: UInt64 = 0

        mutating func add(_ duration: UInt64, in bucket: Int) {
            buckets[bucket] += 1
            nanoseconds += duration
        }
    }

    /// The upper bounds of the histogram, in nanoseconds and as seconds in text.
    private static let bounds: [(nanoseconds: UInt64, label: String)] = [
        (500_000, "0.0005"), (1_000_000, "0.001"), (2_500_000, "0.0025"), (5_000_000, "0.005"),
        (10_000_000, "0.01"), (25_000_000, "0.025"), (50_000_000, "0.05"), (100_000_000, "0.1"),
        (250_000_000, "0.25"), (500_000_000, "0.5"), (1_000_000_000, "1"), (2_500_000_000, "2.5"),
        (5_000_000_000, "5"), (10_000_000_000, "10"),
    ]

    /// Requests without a function count under an empty name.
    func observe(_ function: String?, _ method: String, _ status: Int, _ nanoseconds: UInt64) {
        let method = RoutePattern.methods.contains(method) ? method : "other"
        let key = Key(function: function ?? "", method: method, status: status)
        let bucket = Self.bounds.firstIndex { nanoseconds <= $0.nanoseconds } ?? Self.bounds.count
        requests[key, default: Series()].add(nanoseconds, in: bucket)
    }

    func exposition(_ platform: Platform) -> String {
        var page = Exposition()
        writeRequests(&page)
        writeFunctions(platform.hosts, &page)
        writeProcess(platform, &page)
        return page.text
    }

    private func writeRequests(_ page: inout Exposition) {
        let sorted = requests.sorted { left, right in
            (left.key.function, left.key.method, left.key.status)
                < (right.key.function, right.key.method, right.key.status)
        }
        page.family("http_requests_total", "counter", "Requests answered.")
        for (key, series) in sorted {
            page.sample("http_requests_total", key.labels, series.buckets.reduce(0, +))
        }
        page.family("http_requests_in_flight", "gauge", "Requests waiting for a function.")
        page.sample("http_requests_in_flight", [], inFlight)
        let name = "http_request_duration_seconds"
        page.family(name, "histogram", "Time from the whole request to the whole reply.")
        for (key, series) in sorted {
            var total = 0
            for (index, count) in series.buckets.enumerated() {
                total += count
                let bound = index < Self.bounds.count ? Self.bounds[index].label : "+Inf"
                page.sample(name + "_bucket", key.labels + [("le", bound)], total)
            }
            page.sample(name + "_sum", key.labels, Double(series.nanoseconds) / 1e9)
            page.sample(name + "_count", key.labels, total)
        }
    }

    private func writeFunctions(_ hosts: [FunctionHost], _ page: inout Exposition) {
        page.family("relais_instances", "gauge", "Processes by function and state.")
        for host in hosts {
            let busy = host.pool.busyCount
            page.sample("relais_instances", [("function", host.name), ("state", "busy")], busy)
            let idle = host.pool.instances.count - busy
            page.sample("relais_instances", [("function", host.name), ("state", "idle")], idle)
        }
        page.family("relais_waiting_events", "gauge", "Events that wait for an instance.")
        for host in hosts {
            page.sample("relais_waiting_events", [("function", host.name)], host.pool.waitingCount)
        }
        let counters: [(name: String, help: String, value: (FunctionHost.Counters) -> Int)] = [
            ("relais_instance_starts_total", "Processes started.", \.starts),
            ("relais_instance_failed_starts_total", "Starts that failed.", \.failedStarts),
            ("relais_instance_crashes_total", "Processes that ended before replying.", \.crashes),
            ("relais_timeouts_total", "Events that took longer than allowed.", \.timeouts),
            ("relais_refusals_total", "Events refused before a try.", \.refusals),
            ("relais_dropped_log_lines_total", "Lines of a flood.", \.droppedLogLines),
        ]
        for counter in counters {
            page.family(counter.name, "counter", counter.help)
            for host in hosts {
                page.sample(counter.name, [("function", host.name)], counter.value(host.counters))
            }
        }
    }

    private func writeProcess(_ platform: Platform, _ page: inout Exposition) {
        page.family("relais_build_info", "gauge", "The version that runs.")
        page.sample("relais_build_info", [("version", productVersion)], 1)
        page.family("relais_open_connections", "gauge", "Connections of HTTP clients.")
        page.sample("relais_open_connections", [], platform.openConnections)
        page.family("process_start_time_seconds", "gauge", "When the process began.")
        page.sample(
            "process_start_time_seconds",
            [],
            Double(startedAt.milliseconds) / 1000
        )
        page.family("process_resident_memory_bytes", "gauge", "Memory that is in RAM.")
        page.sample("process_resident_memory_bytes", [], residentBytes(ofProcess: getpid()) ?? 0)
        page.family("process_cpu_seconds_total", "counter", "Processor time used.")
        page.sample("process_cpu_seconds_total", [], Double(clock()) / Double(CLOCKS_PER_SEC))
        page.family("process_open_fds", "gauge", "Open descriptors.")
        page.sample("process_open_fds", [], openDescriptorCount())
    }
}

extension Metrics.Key {
    fileprivate var labels: [(String, String)] {
        [("function", function), ("method", method), ("code", String(status))]
    }
}

/// The text format of Prometheus, version 0.0.4.
struct Exposition {
    private(set) var text = ""

    mutating func family(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Int) {
        sample(name, labels, String(value))
    }

    mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
        sample(name, labels, value.description)
    }

    private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
        let pairs = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        text += pairs.isEmpty ? "\(name) \(value)\n" : "\(name){\(pairs)} \(value)\n"
    }

    private static func escaped(_ value: String) -> String {
        var escaped = ""
        for character in value {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
