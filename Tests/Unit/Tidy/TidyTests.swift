import FunctionContract
import Testing

/// The house style that no formatter knows. Every problem is named as `file:line: what`.
@Suite struct TidyTests {
    private let tree = SourceTree.package

    @Test func theTreeIsRead() {
        #expect(tree.files.contains { $0.path == "Package.swift" })
        let json = "Sources/Core/FunctionContract/JSON.swift"
        #expect(tree.productFiles.contains { $0.path == json })
    }

    @Test func filesAreShort() {
        let problems = tree.productFiles.filter { $0.lines.count - 1 > 300 }
        #expect(problems.map(\.path) == [])
    }

    @Test func functionsAreShort() {
        let problems = tree.productFiles.flatMap { file in
            FunctionLengths(file.code).functions
                .filter { $0.length > 70 }
                .map { "\(file.path):\($0.line): \($0.length) lines" }
        }
        #expect(problems == [])
    }

    @Test func linesAreShort() {
        let problems = tree.productFiles.flatMap { file in
            complaints(in: file.lines, of: file) { line in
                line.utf8.count > 100 && line.count > 100 ? "\(line.count) columns" : nil
            }
        }
        #expect(problems == [])
    }

    @Test func nothingIsPublic() {
        #expect(uses(of: ["public"], in: tree.productFiles) == [])
    }

    @Test func nothingIsForcedOrFatal() {
        #expect(uses(of: ["fatalError"], in: tree.productFiles) == [])
        let forced = tree.productFiles.flatMap { file in
            complaints(in: file.code.lines, of: file) { line in
                line.contains("try!") ? "a forced try" : nil
            }
        }
        #expect(forced == [])
    }

    /// In comments too; the words are spelled so that this file passes.
    @Test func nothingIsLeftForLater() {
        let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
        let folders = ["Sources", "functions", "local-runner", "infra", "Tests"]
        let problems = folders.flatMap(tree.files(under:)).flatMap { file in
            complaints(in: file.lines, of: file) { line in firstWord(of: words, in: line) }
        }
        #expect(problems == [])
    }

    /// One idea a sentence. Migrations up to 0017 are sealed by their checksums.
    @Test func sentencesInCommentsAreShort() {
        let sealed = "infra/postgres/migrations/0018"
        let problems = tree.files.flatMap { file -> [String] in
            let marks: [String]
            if file.isSwift {
                marks = ["///", "//"]
            } else if file.path.hasSuffix(".sql"), file.path >= sealed {
                marks = ["--"]
            } else if file.folders.first == "infra", !file.name.contains(".") {
                marks = ["#"]
            } else {
                return []
            }
            return CommentSentences(file.lines, marks: marks).sentences
                .filter { $0.words > 25 }
                .map { "\(file.path):\($0.line): a sentence of \($0.words) words" }
        }
        #expect(problems == [])
    }

    @Test func namesSayWhatThingsAre() {
        let vague: Set = [
            "util", "utils", "utilities", "helper", "helpers", "common", "manager", "misc", "base",
        ]
        let problems = tree.files.filter { file in
            file.path.split { "/+-_.".contains($0) }.flatMap(wordsOfName).contains { word in
                vague.contains(word.lowercased())
            }
        }
        #expect(problems.map(\.path) == [])
    }

    @Test func foundationStaysOut() {
        let problems = tree.productFiles.flatMap { file in
            Imports.imports(of: file.code)
                .filter { $0.module.hasPrefix("Foundation") }
                .map { "\(file.path):\($0.line): \($0.module)" }
        }
        #expect(problems == [])
    }

    @Test func pointersLiveAtTheEdges() {
        let files = tree.productFiles.filter { !FloorPlan.mayUsePointers($0) }
        let (programs, others) = (
            files.filter { $0.folders.first == "local-runner" },
            files.filter { $0.folders.first != "local-runner" }
        )
        #expect(uses(of: ["unsafe"], in: others) == [])
        for (program, files) in Dictionary(grouping: programs, by: { $0.folders[1] }) {
            let callers = files.filter { !uses(of: ["unsafe"], in: [$0]).isEmpty }.map(\.path)
            #expect(callers.count <= 1, "one file of \(program) may call the system: \(callers)")
        }
    }

    @Test func modulesImportOnlyWhatStandsBelowThem() {
        let plan = FloorPlan(tree)
        #expect(plan.floor(of: "FunctionContract") == .core)
        #expect(plan.floor(of: "Campaigns") == .product)
        #expect(tree.productFiles.flatMap(plan.wrongImports) == [])
    }

    @Test func everyFunctionIsAManifestAndOneFile() {
        let files = tree.files(under: "functions").filter { $0.folders.count > 1 }
        let folders = Set(files.map { $0.folders[1] })
        #expect(!folders.isEmpty)
        for folder in folders.sorted() { expectFunction(in: "functions/\(folder)") }
    }

    /// What runs here must run anywhere.
    @Test func noFileNamesAFolderOfOneMachine() {
        let folders = ["home", "root", "work", "Users"].map { "/\($0)/" }
        let problems = tree.files.flatMap { file in
            complaints(in: file.lines, of: file) { line in
                folders.first { startsAPath($0, in: line) }
            }
        }
        #expect(problems == [])
    }
}

extension TidyTests {
    private func expectFunction(in folder: String) {
        let files = tree.files(under: folder)
        guard let manifest = files.first(where: { $0.path == "\(folder)/function.json" }) else {
            Issue.record("\(folder): no function.json")
            return
        }
        do throws(ManifestError) {
            let bytes = Array(manifest.text.utf8)
            let function = try Manifest(bytes, name: folder, file: manifest.path)
            let wanted = function.command.isEmpty ? 1 : 0
            let found = files.count(where: \.isSwift)
            #expect(found == wanted, "\(folder): \(found) Swift files, not \(wanted)")
        } catch {
            Issue.record("\(error)")
        }
    }
}

// MARK: - Words and places

extension TidyTests {
    private func complaints(
        in lines: [Substring],
        of file: SourceTree.File,
        _ complaint: (Substring) -> String?
    ) -> [String] {
        lines.enumerated().compactMap { index, line in
            complaint(line).map { "\(file.path):\(index + 1): \($0)" }
        }
    }

    private func uses(of words: [String], in files: [SourceTree.File]) -> [String] {
        files.flatMap { file in
            complaints(in: file.code.lines, of: file) { line in firstWord(of: words, in: line) }
        }
    }

    private func firstWord(of words: [String], in line: Substring) -> String? {
        words.first { line.contains($0) && SwiftCode.words(of: line).contains($0[...]) }
    }

    /// `ConnectionPool` is two words, `Base64` is one.
    private func wordsOfName(_ name: Substring) -> [String] {
        var words: [String] = []
        for character in name {
            if character.isUppercase || words.isEmpty {
                words.append(String(character))
            } else {
                words[words.count - 1].append(character)
            }
        }
        return words
    }

    /// Whether `folder` stands in `line` as the beginning of a path, not in the middle of one.
    private func startsAPath(_ folder: String, in line: Substring) -> Bool {
        guard let place = line.firstRange(of: folder)?.lowerBound else { return false }
        guard let before = line[..<place].last else { return true }
        return !SwiftCode.isPartOfWord(before) && !".$}/-*".contains(before)
    }
}
