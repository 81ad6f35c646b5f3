/// What each module may import. Arrows point down: a pure module imports no edge, an edge no other
/// edge but the one below it, a function no event loop.
enum ModuleGraph {
    static let allowed: [String: Set<String>] = [
        "FunctionContract": [],
        "FunctionRuntime": ["FunctionContract"],
        "EventLoop": ["CUV"],
        "HTTPServer": ["EventLoop", "CLLHTTP"],
        "HTTPClient": ["CCurl"],
        "Database": ["CPostgres"],
        "Security": ["COpenSSL", "FunctionContract"],
        "Passwords": ["CCrypt", "Security"],
        "NumberingPlans": [],
        "PhoneNumbers": ["CPhoneNumber", "NumberingPlans"],
        "Providers": ["Security", "FunctionContract"],
        "Exchange": ["FunctionContract", "HTTPClient", "Providers"],
        "Work": ["Database"],
        "Accounts": belowProduct, "Contacts": belowProduct, "Campaigns": belowProduct,
        "Knowledge": belowProduct, "Assistant": belowProduct, "Insight": belowProduct,
        "NumberChecks": belowProduct.union(["Accounts", "Exchange"]),
        "Inbound": belowProduct.union(["Accounts", "Contacts", "Campaigns"]),
        "Sending": belowProduct.union(["Accounts", "Campaigns", "Exchange"]),
        "LocalRunner": belowProduct.union(["EventLoop", "HTTPServer", "FunctionRuntime"]),
        "local-runner": ["LocalRunner"],
        "local-runner-store": [
            "FunctionContract", "FunctionRuntime", "Database", "Work", "Security", "Providers",
            "Accounts", "Campaigns",
        ],
        "local-runner-demo": belowProduct.union([
            "FunctionRuntime", "Accounts", "Contacts", "Campaigns",
        ]),
        "ProviderSimulator": [
            "EventLoop", "HTTPServer", "Providers", "Security", "FunctionContract",
            "FunctionRuntime",
        ],
        "provider-simulator": ["ProviderSimulator"],
    ]

    static let allowedInFunctions = belowProduct.union(product).union(["FunctionRuntime"])

    /// The modules over C, the only ones in which the word `unsafe` may stand.
    static let edges: Set = [
        "FunctionRuntime", "EventLoop", "HTTPServer", "HTTPClient", "Database", "Security",
        "Passwords", "PhoneNumbers",
    ]

    /// Modules of values and rules: they do not see the operating system.
    static let pure: Set = ["FunctionContract", "NumberingPlans", "Providers"]

    /// What comes with the compiler.
    static let system: Set = ["Glibc", "Synchronization"]

    private static let product: Set = [
        "Accounts", "Contacts", "Campaigns", "Knowledge", "Assistant", "Insight",
        "Inbound", "NumberChecks", "Sending",
    ]

    private static let belowProduct: Set = [
        "FunctionContract", "Database", "Work", "Security", "Passwords", "NumberingPlans",
        "PhoneNumbers", "Providers", "HTTPClient",
    ]

    /// The modules that a file imports.
    static func imports(of code: SwiftCode) -> [(module: String, line: Int)] {
        code.lines.enumerated().compactMap { index, line in
            guard line.contains("import") else { return nil }
            let words = line.split(separator: " ")
            guard let place = words.firstIndex(of: "import"),
                words[..<place].allSatisfy({ $0.hasPrefix("@") || accessLevels.contains($0) })
            else { return nil }
            let path = words[(place + 1)...].first { !kinds.contains($0) }
            return path?.split(separator: ".").first.map { (String($0), index + 1) }
        }
    }

    private static let accessLevels: Set<Substring> = [
        "package", "private", "fileprivate", "internal", "public",
    ]

    private static let kinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "func", "let", "var", "typealias",
    ]
}
