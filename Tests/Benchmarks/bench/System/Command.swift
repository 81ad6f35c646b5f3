/// A program and what it is given.
struct Command {
    let program: String
    var arguments: [String] = []
    /// Set in addition to what this process has.
    var environment: [String: String] = [:]
    /// The file that it reads.
    var input = "/dev/null"
}
