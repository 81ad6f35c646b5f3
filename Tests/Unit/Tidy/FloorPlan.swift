/// The floors of the tree, read from its folders: a module imports its own floor and those below.
///
/// `Package.swift` is the only list of dependencies, and the build refuses an import that is not
/// declared there. This plan adds the rules that no list can state.
struct FloorPlan {
    /// From the ground up.
    enum Floor: Int, Comparable {
        case c, edges, core, product

        init?(_ folder: Substring) {
            switch folder {
            case "C": self = .c
            case "Edges": self = .edges
            case "Core": self = .core
            case "Product": self = .product
            default: return nil
            }
        }

        static func < (left: Floor, right: Floor) -> Bool { left.rawValue < right.rawValue }
    }

    private let floors: [String: Floor]

    init(_ tree: SourceTree) {
        var floors: [String: Floor] = [:]
        for file in tree.files(under: "Sources") where file.folders.count > 2 {
            floors[String(file.folders[2])] = Floor(file.folders[1])
        }
        self.floors = floors
    }

    func floor(of module: String) -> Floor? { floors[module] }

    /// Every import of a file that its floor forbids, as `file:line: reason`.
    func wrongImports(of file: SourceTree.File) -> [String] {
        Imports.imports(of: file.code).compactMap { module, line in
            reason(against: module, in: file).map { "\(file.path):\(line): \($0)" }
        }
    }

    /// The modules over C, the only ones of `Sources` in which the word `unsafe` may stand.
    static func mayUsePointers(_ file: SourceTree.File) -> Bool {
        file.folders.starts(with: ["Sources", "Edges"])
            || file.folders.starts(with: ["Sources", "Core", "FunctionRuntime"])
            || file.path == clock
    }

    private func reason(against module: String, in file: SourceTree.File) -> String? {
        if Self.system.contains(module) {
            return Self.pure.contains(Self.module(of: file)) && file.path != Self.clock
                ? "\(Self.module(of: file)) is pure and may not see the operating system" : nil
        }
        guard let floor = floors[module] else {
            return file.folders.first == "local-runner" ? nil : "\(module) is on no floor"
        }
        if file.folders.first == "functions", Self.loop.contains(module) {
            return "a function may not import \(module)"
        }
        let own = Self.module(of: file)
        if Self.pure.contains(own), !Self.pureBelow.contains(module) {
            return "\(own) is pure and may not import \(module)"
        }
        guard module != Self.vocabulary, let ownFloor = floors[own] else { return nil }
        if floor == .c, !Self.mayUsePointers(file) { return "only an edge may import \(module)" }
        return floor <= ownFloor ? nil : "\(own) may not import \(module), a floor above it"
    }

    private static func module(of file: SourceTree.File) -> String {
        let depth = file.folders.first == "Sources" ? 2 : 1
        return file.folders.count > depth ? String(file.folders[depth]) : ""
    }

    /// The words that all floors share; it imports nothing.
    private static let vocabulary = "FunctionContract"

    /// Values and rules only: no system call, no database, no network.
    private static let pure: Set = ["FunctionContract", "Networks", "NumberingPlans", "Providers"]
    private static let pureBelow: Set = ["FunctionContract", "Security", "NumberingPlans"]

    private static let loop: Set = ["EventLoop", "HTTPServer"]

    /// The one file of a pure module that asks the system: for the time and for random numbers.
    private static let clock = "Sources/Core/FunctionContract/Clock.swift"

    /// What comes with the compiler.
    private static let system: Set = ["Glibc", "Synchronization"]
}
