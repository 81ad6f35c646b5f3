import Testing

@Suite("Libraries that functions are linked with", .ownThread)
struct LinkageTests {
    @Test(
        "A function without network calls needs only the C library",
        arguments: ["echo", "test-scenarios", "test-batch", "test-prepared"]
    )
    func libraries(_ function: String) throws {
        let allowed: Set = [
            "linux-vdso", "ld-linux-x86-64", "ld-linux-aarch64", "libc", "libm", "libgcc_s",
            "libstdc++",
        ]
        let names = try sharedObjects(function)
        #expect(names.contains("libc"))
        #expect(names.subtracting(allowed).isEmpty)
    }

    @Test("No function needs a Swift library or Foundation", arguments: functions)
    func swiftLibraries(_ function: String) throws {
        let names = try sharedObjects(function)
        #expect(!names.contains { $0.hasPrefix("libswift") || $0.contains("Foundation") })
    }

    private static let functions =
        (ProcessTable.names(in: "\(BuiltProduct.packageRoot)/functions") ?? [])
        .filter { !$0.hasPrefix(".") }.sorted()

    /// The names of what the loader brings in, without versions and folders.
    private func sharedObjects(_ function: String) throws -> Set<String> {
        let process = try FinishedProcess(
            running: "/usr/bin/ldd",
            [try BuiltProduct.path(function)],
            environment: ["PATH": "/usr/bin:/bin"]
        )
        #expect(process.exit == .code(0))
        let names = process.outputText.split(separator: "\n").compactMap { line in
            line.split { $0 == " " || $0 == "\t" }.first?.split(separator: "/").last
        }
        return Set(names.map { String($0.prefix { $0 != "." }) })
    }

    @Test("A function starts, answers and exits within 50 ms, or more on a busy machine")
    func startUp() throws {
        let path = try BuiltProduct.path("echo")
        // What the machine of the moment takes for any program, measured in turns with ours.
        let runs = try (0..<20).map { _ in
            (ours: try time(path), any: try time("/bin/cat"))
        }
        let (ours, any) = (Self.median(runs.map(\.ours)), Self.median(runs.map(\.any)))
        print("one-shot echo, median of \(runs.count): \(ours), cat: \(any)")
        #expect(ours < max(.milliseconds(50), any * 25))
    }

    private func time(_ path: String) throws -> Duration {
        let started = ContinuousClock.now
        let process = try ChildProcess(path)
        defer { process.end() }
        process.feed("{}")
        process.closeInput()
        _ = try process.everything()
        return ContinuousClock.now - started
    }

    private static func median(_ durations: [Duration]) -> Duration {
        durations.sorted()[durations.count / 2]
    }
}
