import FunctionContract
import Testing

@testable import ProviderSimulator

/// A simulator that runs for days keeps a bounded memory.
@Suite struct BookTests {
    @Test func aTableForgetsWhatWasAddedFirst() {
        var table = BoundedTable<Int, String>(limit: 3)
        for key in 0..<3 { table.set(key, to: "\(key)") }
        table.set(0, to: "again")
        #expect((0..<3).map { table[$0] } == ["again", "1", "2"])
        for key in 3..<5 { table.set(key, to: "\(key)") }
        #expect((0..<5).map { table[$0] } == [nil, nil, "2", "3", "4"])
        for key in 5..<1_000 { table.set(key, to: "\(key)") }
        #expect(table.count == 3)
    }

    @Test func filesWithoutBytesCountToo() {
        var book = MediaBook()
        for number in 0...MediaBook.limit {
            book.add(MediaBook.File(mimeType: "image/png", bytes: []), as: "\(number)")
        }
        #expect(book["0"] == nil)
        #expect(book["1"] != nil)
        let removed = (0..<2).map { _ in book.remove("1") }
        #expect(removed == [true, false])
    }
}
