import EventLoop
import FunctionContract

/// A runnable function: its manifest and the command that starts it.
struct FunctionDefinition: Equatable {
    let manifest: Manifest
    let command: ChildCommand

    /// The largest body of an HTTP request, in bytes.
    var bodyLimit: Int { manifest.bodyMegabytes * 1_048_576 }

    static func == (left: FunctionDefinition, right: FunctionDefinition) -> Bool {
        left.manifest == right.manifest && left.command.environment == right.command.environment
            && left.command.executable == right.command.executable
    }
}

extension FunctionDefinition {
    /// `folder` is the function's own folder: its `command` is looked up and run there. `binaries`
    /// holds the executables of Swift functions. Of `environment`, the function gets only the
    /// variables that its manifest names.
    init(
        _ manifest: Manifest,
        folder: String,
        binaries: String,
        environment: [String: String]
    ) throws(UsageError) {
        self.manifest = manifest
        let executable: String
        if let program = manifest.command.first {
            let path = program.contains("/") ? absolutePath(program, in: folder) : nil
            executable = path ?? program
        } else {
            executable = absolutePath("\(binaries)/\(manifest.name)")
        }
        guard !executable.contains("/") || isExecutable(executable) else {
            throw UsageError(
                (folder == "." ? "" : "\(folder): ") + "no executable at \(executable); "
                    + (manifest.command.isEmpty
                        ? "build it with `swift build --product \(manifest.name)`"
                        : "`command` in function.json names it, relative to that folder")
            )
        }
        command = ChildCommand(
            executable,
            arguments: Array(manifest.command.dropFirst()),
            environment: try Self.environment(of: manifest, folder, environment),
            workingDirectory: absolutePath(folder)
        )
    }

    /// Variables that every function gets. None is secret.
    static let always = ["PATH", "LANG", "LC_ALL", "TZ", "LOG_LEVEL", "RELAIS_ENV"]

    private static func environment(
        of manifest: Manifest,
        _ folder: String,
        _ all: [String: String]
    ) throws(UsageError) -> [String: String] {
        var visible = all.filter { always.contains($0.key) }
        for variable in manifest.environment {
            if let value = all[variable.name], !value.isEmpty {
                visible[variable.name] = value
            } else if variable.required {
                throw UsageError(
                    "\(folder)/function.json: environment: \(variable.name) is needed and not set;"
                        + " export it or put it into .env"
                )
            }
        }
        visible["FUNCTION_NAME"] = manifest.name
        if manifest.framing == .stream { visible["FUNCTION_STREAM"] = "1" }
        return visible
    }
}
