import Testing

@testable import Database

/// Values as the server sends them, also those that it never should.
struct CellTests {
    /// An array of int4 in the binary format: dimensions, nulls, type, count, lower bound, elements.
    private func array(_ dimensions: Int32, _ count: Int32, _ elements: [Int32]) -> [UInt8] {
        let header = [dimensions, 0, 23, count, 1]
        return (header + elements.flatMap { [4, $0] }).flatMap { number in
            unsafe withUnsafeBytes(of: number.bigEndian) { unsafe Array($0) }
        }
    }

    private func read(_ bytes: [UInt8]) throws(Mismatch) -> [Int32] {
        let result = unsafe bytes.withUnsafeBytes { bytes in
            let cell = unsafe Cell(type: TypeID(rawValue: 1007), bytes: bytes)
            return Result { () throws(Mismatch) in try [Int32].read(cell) }
        }
        return try result.get()
    }

    @Test func readsAnArray() throws {
        #expect(try read(array(1, 2, [7, -7])) == [7, -7])
        #expect(try read(array(0, 0, [])) == [])
    }

    @Test(
        arguments: [
            (1, -1, []), (1, .min, []), (1, 2, [7]), (1, .max, [7]), (2, 1, [7]), (-1, 1, [7]),
        ] as [(Int32, Int32, [Int32])]
    )
    func anArrayOfAnotherShapeIsAnError(_ dimensions: Int32, _ count: Int32, _ elements: [Int32]) {
        #expect(throws: Mismatch.self) { try read(array(dimensions, count, elements)) }
    }

    @Test func anArrayThatIsCutShortIsAnError() {
        let whole = array(1, 1, [7])
        for count in 0..<whole.count {
            #expect(throws: Mismatch.self) { try read(Array(whole[..<count])) }
        }
    }
}
