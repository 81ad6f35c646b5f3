// swift-tools-version: 6.2
import PackageDescription

// One package, one language mode, one set of rules. Everything that crosses a module is `package`.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// The four floors of `Sources`, from the ground up. A module imports its own floor and those below;
/// `FunctionContract`, which imports nothing, is the vocabulary of all of them.
enum Floor: String {
    case c = "C"
    case edges = "Edges"
    case core = "Core"
    case product = "Product"

    /// A library: one folder of its floor, one module, one noun. Some have a guide for operators.
    func library(
        _ name: String,
        _ dependencies: Target.Dependency...,
        hasGuide: Bool = false
    ) -> Target {
        .target(
            name: name,
            dependencies: dependencies,
            path: path(name),
            exclude: hasGuide ? ["README.md"] : [],
            swiftSettings: strict
        )
    }

    /// A module map and a shim over a library that the system provides.
    func system(_ name: String, pkgConfig: String, package: String) -> Target {
        .systemLibrary(
            name: name,
            path: path(name),
            pkgConfig: pkgConfig,
            providers: [.apt([package])]
        )
    }

    func path(_ name: String) -> String { "Sources/\(rawValue)/\(name)" }
}

/// An executable that carries the Swift runtime inside itself: it starts in 2 ms and runs on a
/// machine, or in a container, that has never heard of Swift.
func executable(_ name: String, path: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies,
        path: path,
        swiftSettings: strict,
        linkerSettings: [.unsafeFlags(["-static-stdlib"])]
    )
}

/// A function: its folder under `functions` holds `function.json` and one Swift file with `@main`.
/// The executable carries its manifest inside, so that it knows its time limit on any host.
func function(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    let target = executable(
        name,
        path: "functions/\(name)",
        ["FunctionContract", "FunctionRuntime"] + dependencies
    )
    target.resources = [.embedInCode("function.json")]
    return target
}

/// What the benchmarks measure against, in C, without the Swift runtime that SwiftPM links into
/// every executable: loading it would double the time in which a C program starts.
func peer(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    let runtime = dependencies.isEmpty ? "-static-executable" : "-static-stdlib"
    return .executableTarget(
        name: name,
        dependencies: dependencies,
        path: "Tests/Benchmarks/peers/\(name)",
        cSettings: warnings,
        linkerSettings: [.unsafeFlags([runtime, "-nostartfiles"])]
    )
}

let warnings: [CSetting] = [
    .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
]

/// A function that only tests call.
func testFunction(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    executable(
        "test-\(name)",
        path: "Tests/Integration/Functions/\(name)",
        ["FunctionContract", "FunctionRuntime"] + dependencies
    )
}

let systemLibraries: [Target] = [
    Floor.c.system("CUV", pkgConfig: "libuv", package: "libuv1-dev"),
    // Only calls of the system: nothing to link.
    .systemLibrary(name: "CProcess", path: Floor.c.path("CProcess")),
    Floor.c.system("CLLHTTP", pkgConfig: "libllhttp", package: "libllhttp-dev"),
    Floor.c.system("CPostgres", pkgConfig: "libpq", package: "libpq-dev"),
    Floor.c.system("CCurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
    Floor.c.system("CCrypt", pkgConfig: "libcrypt", package: "libcrypt-dev"),
    Floor.c.system("COpenSSL", pkgConfig: "libcrypto", package: "libssl-dev"),
    // Debian ships no .pc file for libphonenumber.
    .target(
        name: "CPhoneNumber",
        path: Floor.c.path("CPhoneNumber"),
        cxxSettings: [.treatAllWarnings(as: .error)],
        linkerSettings: [.linkedLibrary("phonenumber")]
    ),
]

let edges: [Target] = [
    Floor.edges.library("EventLoop", "CProcess", "CUV"),
    Floor.edges.library("HTTPServer", "CLLHTTP", "EventLoop", "FunctionContract"),
    Floor.edges.library("Networks"),
    Floor.edges.library("HTTPClient", "CCurl", "FunctionContract", "Networks"),
    Floor.edges.library("Database", "CPostgres", "FunctionContract"),
    Floor.edges.library("Security", "COpenSSL", "FunctionContract"),
    Floor.edges.library("Passwords", "CCrypt", "FunctionContract", "Security"),
    Floor.edges.library("NumberingPlans"),
    Floor.edges.library("PhoneNumbers", "CPhoneNumber", "NumberingPlans"),
]

let core: [Target] = [
    Floor.core.library("FunctionContract"),
    Floor.core.library("FunctionRuntime", "CProcess", "FunctionContract"),
    Floor.core.library("Work", "Database", "FunctionContract"),
]

let product: [Target] = [
    Floor.product.library("Providers", "FunctionContract", "Security", hasGuide: true),
    Floor.product.library("Exchange", "FunctionContract", "HTTPClient", "Providers"),
    Floor.product.library("Insight", "Database", "Work", "FunctionContract"),
    Floor.product.library(
        "Accounts",
        "Database",
        "Work",
        "Security",
        "Providers",
        "FunctionContract"
    ),
    Floor.product.library("Contacts", "Database", "Providers", "FunctionContract"),
    Floor.product.library("Messages", "Database", "FunctionContract", "Providers", "Work"),
    Floor.product.library(
        "Campaigns",
        "Database",
        "Work",
        "Security",
        "Providers",
        "FunctionContract",
        "Messages",
        hasGuide: true
    ),
    Floor.product.library(
        "Sending",
        "Accounts",
        "Messages",
        "Database",
        "Exchange",
        "FunctionContract",
        "HTTPClient",
        "Providers",
        "Security",
        "Work",
        hasGuide: true
    ),
    Floor.product.library(
        "NumberChecks",
        "Accounts",
        "Database",
        "Exchange",
        "FunctionContract",
        "HTTPClient",
        "Providers",
        "Security",
        "Work"
    ),
    Floor.product.library(
        "Inbound",
        "Database",
        "Work",
        "Security",
        "Providers",
        "FunctionContract",
        "NumberingPlans",
        "Accounts",
        "Contacts",
        "Campaigns",
        "Messages"
    ),
]

let functions: [Target] = [
    function("echo"),
    function("inbound-webhook", "Inbound", "Accounts", "Database", "Providers", "Security"),
    function("process-inbound", "Inbound", "Database"),
    function(
        "verify-numbers",
        "NumberChecks",
        "Database",
        "HTTPClient",
        "Networks",
        "Security"
    ),
    function("link-redirect", "Inbound", "Campaigns", "Database"),
    function("health-check", "Insight"),
    function("send-batch", "Sending", "Database", "HTTPClient", "Networks", "Security"),
    function("campaign-control", "Campaigns", "Database", "Messages", "Work"),
    function("quota-reset", "Database", "Work"),
    function("recover-stalled", "Campaigns", "Messages", "Database", "Work"),
    function("clean-up", "Inbound", "Messages", "Database", "Work"),
]

/// `local-runner` is a library with a `main` of one line, so that tests can look inside.
let programs: [Target] = [
    .target(
        name: "LocalRunner",
        dependencies: ["EventLoop", "HTTPServer", "FunctionContract", "FunctionRuntime"],
        path: "local-runner/platform",
        swiftSettings: strict
    ),
    executable("local-runner", path: "local-runner/main", ["LocalRunner"]),
    .target(
        name: "ProviderSimulator",
        dependencies: [
            "EventLoop", "HTTPServer", "FunctionContract", "FunctionRuntime", "Providers",
            "Security",
        ],
        path: "local-runner/simulator",
        exclude: ["main", "README.md"],
        swiftSettings: strict
    ),
    executable("provider-simulator", path: "local-runner/simulator/main", ["ProviderSimulator"]),
    executable(
        "local-runner-store",
        path: "local-runner/store",
        [
            "FunctionContract", "FunctionRuntime", "Database", "Work", "Security", "Networks",
            "Providers", "Accounts", "Campaigns", "Insight", "Messages",
        ]
    ),
    executable(
        "local-runner-demo",
        path: "local-runner/demo",
        [
            "FunctionContract", "FunctionRuntime", "Database", "Work", "Security", "HTTPClient",
            "Networks", "Providers", "Accounts", "Contacts", "Campaigns", "Messages",
        ]
    ),
]

let benchmarks: [Target] = [
    .target(
        name: "CBenchServer",
        dependencies: ["CUV", "CLLHTTP"],
        path: "Tests/Benchmarks/peers/http-server",
        cSettings: warnings
    ),
    peer("bench-load"),
    peer("bench-line-echo"),
    peer("bench-cgi"),
    peer("bench-bare-c", "CBenchServer", "CUV", "CLLHTTP"),
    peer("bench-pipe-c", "CBenchServer", "CUV", "CLLHTTP"),
    peer("bench-provider", "CBenchServer", "CUV", "CLLHTTP"),
    .target(
        name: "Measurement",
        path: "Tests/Benchmarks/Measurement",
        swiftSettings: strict
    ),
    executable(
        "bench-work",
        path: "Tests/Benchmarks/bench-work",
        ["Database", "Work", "FunctionContract"]
    ),
    // The programs that `bench` starts are dependencies so that they are as new as it is.
    executable(
        "bench",
        path: "Tests/Benchmarks/bench",
        [
            "Measurement", "Database", "Work", "Accounts", "Campaigns", "Contacts", "HTTPClient",
            "Messages", "Networks", "Providers",
            "Security", "FunctionContract", "bench-load", "bench-line-echo", "bench-cgi",
            "bench-bare-c", "bench-pipe-c", "bench-provider", "bench-work", "local-runner", "echo",
            "local-runner-store", "inbound-webhook", "send-batch", "link-redirect", "health-check",
            "process-inbound", "verify-numbers", "campaign-control", "quota-reset",
            "recover-stalled", "clean-up",
        ]
    ),
]

/// The tests of one module that need nothing but the module: no process, no socket, no clock.
func unitTests(_ module: String, _ dependencies: Target.Dependency...) -> Target {
    .testTarget(
        name: "\(module)Tests",
        dependencies: [.init(stringLiteral: module), "SeededRandom"] + dependencies,
        path: "Tests/Unit/\(module)",
        swiftSettings: strict
    )
}

let tests: [Target] = [
    .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: strict),
    testFunction("scenarios"),
    testFunction("batch"),
    testFunction("prepared"),
    testFunction("ledger", "Database", "Work"),
    executable(
        "task-worker",
        path: "Tests/Integration/Programs/task-worker",
        ["Work", "Database", "FunctionContract"]
    ),
    .testTarget(
        name: "TidyTests",
        dependencies: ["FunctionContract"],
        path: "Tests/Unit/Tidy",
        swiftSettings: strict
    ),
    unitTests("FunctionContract"),
    unitTests("HTTPServer"),
    unitTests("Networks"),
    unitTests("HTTPClient", "CCurl", "FunctionContract"),
    unitTests("FunctionRuntime", "FunctionContract"),
    unitTests("Database", "FunctionContract"),
    unitTests("Work", "Database", "FunctionContract"),
    unitTests("NumberChecks", "FunctionContract", "Providers"),
    unitTests(
        "Inbound",
        "Campaigns",
        "Messages",
        "Contacts",
        "Database",
        "FunctionContract",
        "Providers"
    ),
    unitTests("Insight", "FunctionContract", "Work"),
    unitTests("Measurement"),
    unitTests("Security", "FunctionContract"),
    unitTests("Passwords", "Security"),
    unitTests("ProviderSimulator", "FunctionContract", "HTTPServer", "Providers"),
    unitTests("NumberingPlans"),
    unitTests("PhoneNumbers", "NumberingPlans"),
    unitTests("Providers", "FunctionContract", "Security"),
    unitTests("Accounts", "Database", "Security", "Providers", "Work", "FunctionContract"),
    unitTests("Contacts", "Database", "FunctionContract"),
    unitTests("Messages", "Database", "FunctionContract", "Providers"),
    unitTests("Campaigns", "Database", "FunctionContract", "Messages", "Providers"),
    unitTests(
        "Sending",
        "Accounts",
        "Messages",
        "Database",
        "Providers",
        "Work",
        "FunctionContract"
    ),
    unitTests("LocalRunner", "FunctionContract", "FunctionRuntime", "EventLoop"),
    .testTarget(
        name: "LoopTests",
        dependencies: [
            "EventLoop", "HTTPServer", "ProviderSimulator", "Providers", "FunctionContract",
            "SeededRandom",
        ],
        path: "Tests/Integration/Loop",
        swiftSettings: strict
    ),
    .testTarget(
        name: "IntegrationTests",
        dependencies: [
            "FunctionContract", "FunctionRuntime", "HTTPClient", "Networks", "Database", "Work",
            "SeededRandom", "Security", "Providers", "Accounts", "Contacts", "Campaigns",
            "Messages", "Sending",
            "Inbound",
            "NumberChecks",
        ],
        path: "Tests/Integration",
        exclude: ["Loop", "Functions", "Programs"],
        swiftSettings: strict
    ),
]

let package = Package(
    name: "relais",
    targets: systemLibraries + edges + core + product + functions + programs + benchmarks + tests,
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
