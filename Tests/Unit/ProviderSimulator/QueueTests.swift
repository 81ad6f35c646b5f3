import FunctionContract
import Providers
import Testing

@testable import ProviderSimulator

@Suite struct QueueTests {
    @Test(arguments: 0..<20 as Range<UInt64>)
    func whatIsDueComesOutByTimeThenByOrder(seed: UInt64) {
        var ids = IDSource(run: seed)
        var queue = DueQueue<Int>()
        let dues = (0..<300).map { _ in ids.next() % 50 }
        for (place, due) in dues.enumerated() { queue.insert(place, due: due) }
        let expected = dues.enumerated().sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
        var found: [Int] = []
        for now in UInt64(0)..<50 {
            while let element = queue.next(at: now) {
                #expect(dues[element] == now, "seed \(seed)")
                found.append(element)
            }
        }
        #expect(found == expected, "seed \(seed)")
        #expect(queue.count == 0 && queue.nextDue == nil)
    }

    @Test func nothingComesOutBeforeItIsDue() {
        var queue = DueQueue<Int>()
        queue.insert(1, due: 10)
        #expect(queue.next(at: 9) == nil)
        #expect(queue.nextDue == 10)
        #expect(queue.next(at: 10) == 1)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func whoComesFirstIsServedFirst(seed: UInt64) {
        var ids = IDSource(run: seed)
        var line = WaitingLine<Int>()
        var mirror: [Int] = []
        for place in 0..<500 {
            if ids.next() % 3 == 0 {
                #expect(line.next() == (mirror.isEmpty ? nil : mirror.removeFirst()))
            } else {
                line.append(place)
                mirror.append(place)
            }
            #expect(line.count == mirror.count && line.isEmpty == mirror.isEmpty)
        }
    }

    @Test func idsAreNeverTheSameTwice() {
        var ids = IDSource(run: 5)
        #expect(Set((0..<10_000).map { _ in ids.next() }).count == 10_000)
        #expect(ids.hexadecimal(24).utf8.count == 24)
    }

    @Test func forgetsTheOldestMessages() {
        var book = MessageBook()
        let account = Account(.meta, "1", secret: "s")
        for place in 0...MessageBook.limit {
            let send = Send(account, to: "+1", "text", .null)
            book.add(SentMessage(send, id: "\(place)", at: .init(milliseconds: 0)))
        }
        #expect(book["0"] == nil)
        #expect(book["1"] != nil && book["\(MessageBook.limit)"] != nil)
    }

    @Test func forgetsTheOldestFiles() {
        var book = MediaBook()
        let half = [UInt8](repeating: 0, count: MediaBook.byteLimit / 2)
        for id in ["a", "b", "c"] { book.add(.init(mimeType: "x/y", bytes: half), as: id) }
        #expect(book["a"] == nil && book["b"] != nil && book["c"] != nil)
        #expect(book.remove("b") && !book.remove("b"))
    }
}
