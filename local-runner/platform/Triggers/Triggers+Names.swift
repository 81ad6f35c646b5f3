import FunctionContract

extension Triggers {
    /// Throws when two functions share a schedule or a queue. The database identifies both by name
    /// alone.
    static func checkUnambiguous(
        _ manifests: [Manifest],
        in folder: String
    ) throws(UsageError) {
        var owners: [String: String] = [:]
        for manifest in manifests {
            let names =
                manifest.schedules.map { "schedule \"\($0.name)\"" }
                + manifest.queues.map { "queue \"\($0)\"" }
            for name in names {
                guard let owner = owners.updateValue(manifest.name, forKey: name) else { continue }
                throw UsageError(
                    "\(folder)/\(manifest.name)/function.json: the \(name) already calls \(owner)"
                )
            }
        }
    }
}
