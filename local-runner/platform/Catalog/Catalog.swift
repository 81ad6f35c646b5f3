import FunctionContract

/// All functions that a platform serves, read from the manifests on disk.
struct Catalog {
    let definitions: [FunctionDefinition]
    /// Functions that are left out because the environment lacks a variable they need.
    let leftOut: [LeftOut]

    struct LeftOut: Equatable, CustomStringConvertible {
        let function: String
        let missing: [String]

        var description: String {
            "\(function) is not served: it needs \(missing.joined(separator: " and ")),"
                + " see .env.example"
        }
    }

    /// The folders that hold the functions, and the names of those to serve.
    struct Source {
        var functions = "functions"
        var binaries: String
        /// Empty means all.
        var only: [String] = []
        var environment: [String: String]

        /// Whether functions for developers are served. Production is the default.
        var isDevelopment: Bool { environment["RELAIS_ENV"] == "development" }

        fileprivate func checkEnvironment() throws(UsageError) {
            let name = environment["RELAIS_ENV"] ?? ""
            guard ["", "development", "production"].contains(name) else {
                throw UsageError(
                    "RELAIS_ENV: expected development or production, found \"\(name)\""
                )
            }
        }

        /// Whether functions with missing variables are skipped. A developer without a database can
        /// still run the functions that need none. A list of names, or production, requires every
        /// function.
        var mayLeaveOut: Bool { isDevelopment && only.isEmpty }
    }

    init(_ source: Source) throws(UsageError) {
        let manifests = try Self.manifests(source)
        var definitions: [FunctionDefinition] = []
        var leftOut: [LeftOut] = []
        if !source.mayLeaveOut { try Self.checkComplete(manifests, source) }
        let someAreComplete = manifests.contains { $0.missing(in: source.environment).isEmpty }
        for manifest in manifests {
            let missing = manifest.missing(in: source.environment)
            if !missing.isEmpty, someAreComplete, source.mayLeaveOut {
                leftOut.append(LeftOut(function: manifest.name, missing: missing))
                continue
            }
            definitions.append(
                try FunctionDefinition(
                    manifest,
                    folder: "\(source.functions)/\(manifest.name)",
                    binaries: source.binaries,
                    environment: source.environment
                )
            )
        }
        self.definitions = definitions
        self.leftOut = leftOut
    }

    /// A function without its secret would refuse every request, so the platform does not start.
    private static func checkComplete(
        _ manifests: [Manifest],
        _ source: Source
    ) throws(UsageError) {
        guard let variable = manifests.lazy.flatMap({ $0.missing(in: source.environment) }).first
        else { return }
        let functions = manifests.filter { $0.missing(in: source.environment).contains(variable) }
        let names = functions.map(\.name).joined(separator: ", ")
        throw UsageError(
            "\(names) \(functions.count == 1 ? "needs" : "need") \(variable), which is not set:"
                + " export it or put it into .env (see .env.example)"
                + (source.only.isEmpty
                    ? "; RELAIS_ENV=development leaves out what cannot run" : "")
        )
    }

    /// The manifests alone. Listing routes needs no build.
    static func manifests(_ source: Source) throws(UsageError) -> [Manifest] {
        try source.checkEnvironment()
        guard let folders = subfolders(of: source.functions) else {
            throw UsageError(
                "no folder \"\(source.functions)\" here; run this where the project is, or name the"
                    + " folder with --functions"
            )
        }
        for name in source.only where !folders.contains(name) {
            throw UsageError(
                "no function \"\(name)\" in \(source.functions); there are"
                    + " \(folders.joined(separator: ", "))"
            )
        }
        var manifests: [Manifest] = []
        for name in folders where source.only.isEmpty || source.only.contains(name) {
            let manifest = try manifest(name, in: source.functions)
            if source.isDevelopment || !manifest.developmentOnly { manifests.append(manifest) }
        }
        guard !manifests.isEmpty else {
            throw UsageError(
                folders.isEmpty
                    ? "no function in \(source.functions): each is a folder with function.json"
                    : "only functions for development in \(source.functions), and RELAIS_ENV is"
                        + " not development"
            )
        }
        try RouteTable.checkUnambiguous(manifests, in: source.functions)
        try Triggers.checkUnambiguous(manifests, in: source.functions)
        return manifests
    }

    private static func manifest(
        _ name: String,
        in functions: String
    ) throws(UsageError) -> Manifest {
        let file = "\(functions)/\(name)/function.json"
        guard let bytes = contents(ofFile: file) else {
            throw UsageError("\(file): missing; every folder in \(functions) is a function")
        }
        let manifest: Manifest
        do {
            manifest = try Manifest(bytes, name: name, file: file)
        } catch {
            throw UsageError(error.description)
        }
        for schedule in manifest.schedules where !isTimezone(schedule.timezone) {
            throw UsageError(
                "\(file): schedule \(schedule.name): there is no timezone"
                    + " \"\(schedule.timezone)\"; expected a name such as Africa/Lome"
            )
        }
        return manifest
    }
}

extension Manifest {
    /// The variables that the function requires and `environment` does not have.
    fileprivate func missing(in environment: [String: String]) -> [String] {
        self.environment.filter { $0.required && environment[$0.name, default: ""].isEmpty }
            .map(\.name)
    }
}
