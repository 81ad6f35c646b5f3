import Measurement

/// Something that answers HTTP, with all that was started for it; it ends with this value.
struct Server: ~Copyable {
    let url: String
    private let process: Subprocess
    private let companion: Subprocess?
    private let folder: TemporaryFolder

    /// What the server has said so far.
    var log: String {
        let bytes = (try? contents(of: "\(folder.path)/log")) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Starts `command` and, before it, a companion that it needs; errors go to a file of `folder`.
    init(
        _ command: Command,
        port: Int,
        path: String = "/echo",
        companion: Command? = nil,
        in folder: consuming TemporaryFolder
    ) throws(Failure) {
        let log = "\(folder.path)/log"
        let companion = try companion.map { command throws(Failure) in
            try Subprocess(command, output: log, errors: log)
        }
        let process = try Subprocess(command, output: log, errors: log)
        self.url = "http://127.0.0.1:\(port)\(path)"
        self.process = process
        self.companion = companion
        self.folder = folder
    }
}
