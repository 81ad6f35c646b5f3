/// One value of a row, in PostgreSQL's binary format. It points into its result, and is valid only
/// during the call that received it.
@safe
package struct Cell {
    let type: TypeID
    private let bytes: UnsafeRawBufferPointer

    init(type: TypeID, bytes: UnsafeRawBufferPointer) {
        self.type = type
        unsafe self.bytes = bytes
    }

    var count: Int { unsafe bytes.count }
    var copy: [UInt8] { unsafe Array(bytes) }

    /// The text from `offset` on; nil when the bytes are not UTF-8.
    func text(from offset: Int = 0) -> String? {
        unsafe String(validating: bytes.dropFirst(offset), as: UTF8.self)
    }

    /// The big-endian integer at `offset`; nil beyond the end.
    func integer<Integer: FixedWidthInteger>(
        at offset: Int = 0,
        as type: Integer.Type
    ) -> Integer? {
        guard offset >= 0, count - offset >= MemoryLayout<Integer>.size else { return nil }
        return unsafe Integer(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
    }

    /// The `count` bytes at `offset` as a cell; nil beyond the end.
    func part(at offset: Int, count: Int, type: TypeID) -> Cell? {
        guard offset >= 0, count >= 0, offset <= self.count - count else { return nil }
        return unsafe Cell(
            type: type,
            bytes: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
        )
    }
}
