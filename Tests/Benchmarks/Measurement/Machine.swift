/// Names a machine by the text of its `/proc/cpuinfo`: the model of its processor and how many.
package func machineName(cpuinfo: String) -> String {
    let lines = cpuinfo.split(separator: "\n")
    let cores = lines.count { $0.hasPrefix("processor") }
    let model = lines.first { $0.hasPrefix("model name") }?
        .split(separator: ":", maxSplits: 1).last?
        .drop { $0 == " " }
    return "\(model ?? "unknown processor"), \(cores) \(cores == 1 ? "core" : "cores")"
}
