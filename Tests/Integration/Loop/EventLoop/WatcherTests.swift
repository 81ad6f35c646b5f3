import EventLoop
import Glibc
import Testing

@Suite(.timeLimit(.minutes(60))) struct WatcherTests {
    @Test func hearsASignal() throws {
        let loop = try EventLoop()
        var count = 0
        let watcher = try SignalWatcher(on: loop, signal: SIGWINCH) { count += 1 }
        kill(getpid(), SIGWINCH)
        try loop.wait { count == 1 }
        watcher.close()
        try loop.finish()
    }

    @Test func reportsManyChangesOnce() throws {
        let loop = try EventLoop()
        let folder = try TemporaryFolder()
        var reports: [Set<String>] = []
        let watcher = try FileWatcher(on: loop, folders: [folder.path]) { reports.append($0) }
        for _ in 0..<20 {
            folder.write("one")
            folder.write("two")
        }
        try loop.wait { !reports.isEmpty }
        #expect(reports == [["\(folder.path)/one", "\(folder.path)/two"]])
        folder.write("three")
        try loop.wait { reports.count == 2 }
        #expect(reports.last == ["\(folder.path)/three"])
        watcher.close()
        watcher.close()
        try loop.finish()
        folder.remove()
    }

    @Test func namesAFolderThatIsNotThere() throws {
        let loop = try EventLoop()
        let error = #expect(throws: UVError.self) {
            _ = try FileWatcher(on: loop, folders: ["/", "/no/such/folder"]) { _ in }
        }
        #expect(error?.isNotFound == true)
        #expect(error?.message.contains("/no/such/folder") == true)
        try loop.finish()
    }
}

private struct TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/watcher-XXXXXX".utf8CString)
        let isMade = unsafe template.withUnsafeMutableBufferPointer { template in
            unsafe mkdtemp(template.baseAddress!) != nil
        }
        try #require(isMade)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func write(_ name: String) {
        let descriptor = unsafe open("\(path)/\(name)", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        unsafe _ = Glibc.write(descriptor, "x", 1)
        close(descriptor)
    }

    func remove() {
        for name in ["one", "two", "three"] { unsafe unlink("\(path)/\(name)") }
        unsafe rmdir(path)
    }
}
