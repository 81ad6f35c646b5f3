import Measurement

/// A Redis with its default settings, which write snapshots to its folder, on a port of its own. It
/// is gone with this value.
struct Redis: ~Copyable {
    let url: String
    private let process: Subprocess
    private let folder: TemporaryFolder

    init(_ program: String) throws(Failure) {
        let folder = try TemporaryFolder(in: "/var/tmp")
        let port = try freePort()
        let log = "\(folder.path)/log"
        let command = Command(
            program: program,
            arguments: ["--bind", "127.0.0.1", "--port", "\(port)", "--dir", folder.path]
        )
        let process = try Subprocess(command, output: log, errors: log)
        try awaitListener(on: port, within: .seconds(10))
        self.process = process
        self.url = "redis://127.0.0.1:\(port)/0"
        self.folder = folder
    }
}
