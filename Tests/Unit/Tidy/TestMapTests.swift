import Testing

/// `Tests/README.md` says which test proves which property: a map is true or it is worse than none.
@Suite struct TestMapTests {
    private let tree = SourceTree.package

    @Test func everyTestOnTheMapExists() throws {
        let map = try #require(tree.files.first { $0.path == "Tests/README.md" })
        let named = map.text.matches(of: /`(\w+Tests)\.(\w+)`/).map {
            (suite: String($0.output.1), function: String($0.output.2))
        }
        #expect(named.count > 30)
        let tests = tree.files(under: "Tests").filter(\.isSwift)
        for (suite, function) in named {
            let isThere = tests.contains { file in
                file.text.contains("struct \(suite) {") && file.text.contains("func \(function)(")
            }
            #expect(isThere, "`\(suite).\(function)` is on the map and not among the tests")
        }
    }

    @Test func everyFolderOnTheMapExists() throws {
        let map = try #require(tree.files.first { $0.path == "Tests/README.md" })
        let folders = map.text.matches(of: /`((?:Unit|Integration|Benchmarks|Fixtures)[\w\/]*)\/`/)
        #expect(folders.count > 3)
        for folder in folders.map({ "Tests/" + $0.output.1 }) {
            #expect(!tree.files(under: folder).isEmpty, "\(folder) is on the map and not there")
        }
    }
}
