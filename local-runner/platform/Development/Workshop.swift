import EventLoop
import FunctionContract
import Glibc

/// Rebuilds the functions when their sources change, and passes on every build that works.
///
/// Executables are served from a separate folder, which is filled only after a successful build. A
/// build that fails half-way therefore replaces nothing.
final class Workshop {
    private let loop: EventLoop
    private let source: Catalog.Source
    private let buildCommand: [String]
    private let folders: [String]
    private let environment: [String: String]
    private let console: Console
    private var watcher: FileWatcher?
    private var watchedFolders: [String] = []
    private var build: Build?
    private var hasChangedSince = false
    private var isClosed = false
    /// The omissions that were logged already.
    private var leftOut: [Catalog.LeftOut] = []
    private var onBuilt: (([FunctionDefinition]) -> Void)?

    private static let stage = ".local/dev"

    init(
        on loop: EventLoop,
        source: Catalog.Source,
        buildCommand: [String],
        folders: [String],
        environment: [String: String],
        console: Console
    ) {
        self.loop = loop
        self.source = source
        self.buildCommand = buildCommand
        self.folders = folders
        self.environment = environment
        self.console = console
    }

    /// Builds and waits, because `dev` needs a first build to serve. A signal ends the wait.
    func buildFirst() throws -> Bool {
        // The watch starts before the build, so every later change is in this build or seen.
        try watchFolders()
        let signals = try [SIGINT, SIGTERM].map { signal in
            try SignalWatcher(on: loop, signal: signal) { [unowned self] in close() }
        }
        defer { for signal in signals { signal.close() } }
        var succeeded: Bool?
        try startBuild { succeeded = $0 }
        loop.run(until: { succeeded != nil })
        console.flush()
        return succeeded == true && !isClosed
    }

    /// The functions of the last successful build.
    func definitions() throws(UsageError) -> [FunctionDefinition] {
        var staged = source
        staged.binaries = absolutePath(Self.stage)
        try stageExecutables()
        let catalog = try Catalog(staged)
        for function in catalog.leftOut where !leftOut.contains(function) {
            console.warning(function.description)
        }
        leftOut = catalog.leftOut
        return catalog.definitions
    }

    /// Rebuilds on every change from now on. Changes since the start of the first build trigger a
    /// rebuild at once.
    func serveChanges(_ onBuilt: @escaping ([FunctionDefinition]) -> Void) {
        self.onBuilt = onBuilt
        if hasChangedSince { sourcesDidChange() }
    }

    func close() {
        isClosed = true
        watcher?.close()
        watcher = nil
        build?.cancel()
    }

    /// Editors leave swap files, backups and numbered probe files beside a saved file. They are
    /// ignored.
    private static func isSource(_ path: String) -> Bool {
        guard let name = path.split(separator: "/").last else { return false }
        return !name.hasPrefix(".") && !name.hasSuffix("~") && name != "4913"
    }

    /// Watches all current folders. Folders come and go, so each build calls this first.
    private func watchFolders() throws(UVError) {
        let current = folders.flatMap(folderTree)
        guard current != watchedFolders else { return }
        watcher?.close()
        watcher = try FileWatcher(on: loop, folders: current, quietMilliseconds: 100) {
            [unowned self] paths in
            if paths.contains(where: Self.isSource) { sourcesDidChange() }
        }
        watchedFolders = current
    }

    private func sourcesDidChange() {
        do {
            try watchFolders()
            hasChangedSince = build != nil || onBuilt == nil
            guard !hasChangedSince else { return }
            try startBuild { [unowned self] in buildDidEnd($0) }
        } catch {
            console.error("cannot rebuild: \(error.message)")
        }
    }

    private func buildDidEnd(_ succeeded: Bool) {
        guard !isClosed else { return }
        if hasChangedSince { return sourcesDidChange() }
        guard succeeded else { return }
        do {
            onBuilt?(try definitions())
            console.info("serving the new build")
        } catch {
            console.error("\(error.description); still serving the build before")
        }
    }

    private func startBuild(_ completion: @escaping (Bool) -> Void) throws(UVError) {
        console.info("building: \(buildCommand.joined(separator: " "))")
        build = try Build(on: loop, buildCommand, environment) { [unowned self] result in
            build = nil
            if !isClosed { report(result) }
            completion(result.succeeded)
        }
    }

    private func report(_ result: Build.Result) {
        guard !result.succeeded else { return console.info("built in \(result.seconds) s") }
        for line in result.complaints { console.error(line) }
        let next = onBuilt == nil ? "mend it and start again" : "save again to retry"
        console.error("the build failed after \(result.seconds) s; \(next)")
    }

    private func stageExecutables() throws(UsageError) {
        makeFolder(Self.stage)
        for manifest in try Catalog.manifests(source) where manifest.command.isEmpty {
            let built = "\(source.binaries)/\(manifest.name)"
            guard replaceLink(at: "\(Self.stage)/\(manifest.name)", to: built) else {
                throw UsageError("cannot put \(built) into \(Self.stage): \(lastSystemError())")
            }
        }
    }
}
