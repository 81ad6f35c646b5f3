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

/// A library: one folder under `Sources`, one module, one noun.
func library(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
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
func function(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    let target = executable(
        name,
        path: "functions/\(name)",
        ["FunctionContract", "FunctionRuntime"] + dependencies
    )
    target.exclude = ["function.json"]
    return target
}

let systemLibraries: [Target] = [
    .systemLibrary(name: "CUV", pkgConfig: "libuv", providers: [.apt(["libuv1-dev"])]),
    .systemLibrary(name: "CLLHTTP", pkgConfig: "libllhttp", providers: [.apt(["libllhttp-dev"])]),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(
        name: "CCurl",
        pkgConfig: "libcurl",
        providers: [.apt(["libcurl4-openssl-dev"])]
    ),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"])]),
]

let libraries: [Target] = [
    library("FunctionContract"),
    library("Security", "COpenSSL", "FunctionContract"),
    library("NumberingPlans"),
    .target(
        name: "CPhoneNumber",
        linkerSettings: [.linkedLibrary("phonenumber")]
    ),
    library("PhoneNumbers", "CPhoneNumber", "NumberingPlans"),
    library("Passwords", "CCrypt", "Security"),
    library("Providers", "FunctionContract", "Security"),
]

let functions: [Target] = []

let programs: [Target] = []

let tests: [Target] = [
    .testTarget(
        name: "UnitTests",
        dependencies: [
            "FunctionContract", "NumberingPlans", "Passwords", "PhoneNumbers", "Providers",
            "Security",
        ],
        path: "Tests/Unit",
        swiftSettings: strict
    )
]

let package = Package(
    name: "relais",
    targets: systemLibraries + libraries + functions + programs + tests,
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
