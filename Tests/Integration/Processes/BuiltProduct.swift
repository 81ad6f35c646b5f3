import Glibc
import Testing

/// The executables that were built together with the tests, and the tools beside the sources.
enum BuiltProduct {
    /// The path of the product `name`.
    static func path(_ name: String) throws -> String {
        let path = "\(folder)/\(name)"
        try #require(isExecutable(path), "\(path) is missing: build it with `swift build`")
        return path
    }

    /// A program that `infra/bootstrap` fetched into `.local/bin`.
    static func tool(_ name: String) throws -> String {
        let path = "\(packageRoot)/.local/bin/\(name)"
        try #require(isExecutable(path), "\(path) is missing: run infra/bootstrap")
        return path
    }

    /// The folder of the embedded PostgreSQL, without links: its user may be able to reach the place
    /// that they lead to, but not the links.
    static var postgresFolder: String {
        let path = packageRoot + "/.local/postgres"
        guard let real = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    /// The folder of `Package.swift`, four levels above this file.
    static var packageRoot: String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
            .joined(separator: "/")
    }

    private static var folder: String {
        let program = linkTarget("/proc/self/exe") ?? ""
        return program.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
    }

    private static func isExecutable(_ path: String) -> Bool { unsafe access(path, X_OK) == 0 }
}
