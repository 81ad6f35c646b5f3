/// The `name=value` settings with which the script `infra/database` makes a cluster: its array
/// `settings`.
package func databaseSettings(inScript text: String) throws(Failure) -> [String] {
    let lines = text.split(separator: "\n").drop { $0 != "settings=(" }.dropFirst()
    let settings = lines.prefix { $0 != ")" }.flatMap { $0.split(separator: " ") }
    guard !settings.isEmpty, settings.allSatisfy({ $0.contains("=") }) else {
        throw Failure("infra/database has no array of settings in the shape that is read here")
    }
    return settings.map(String.init)
}
