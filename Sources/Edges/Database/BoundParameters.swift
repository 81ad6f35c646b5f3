/// The parameters of one Bind message: all bytes in one buffer, and the offset of each value.
struct BoundParameters: ParameterVisitor {
    private(set) var bytes: [UInt8] = []
    private(set) var types: [UInt32] = []
    private(set) var lengths: [Int32] = []
    private(set) var formats: [Int32] = []
    /// The offset of each value in `bytes`; -1 for NULL.
    private(set) var offsets: [Int] = []

    init(_ parameters: [Parameter]) {
        types.reserveCapacity(parameters.count)
        lengths.reserveCapacity(parameters.count)
        formats.reserveCapacity(parameters.count)
        offsets.reserveCapacity(parameters.count)
        for parameter in parameters { parameter.visit(&self) }
    }

    mutating func visit<Value: Bindable>(scalar: Value?) {
        let start = bytes.count
        scalar?.appendBinary(to: &bytes)
        add(Value.type, from: scalar == nil ? nil : start)
    }

    mutating func visit<Value: Bindable>(array: [Value?]) {
        let start = bytes.count
        bytes.append(bigEndian: Int32(array.isEmpty ? 0 : 1))
        bytes.append(bigEndian: Int32(array.contains { $0 == nil } ? 1 : 0))
        bytes.append(bigEndian: Value.type.rawValue)
        if !array.isEmpty {
            bytes.append(bigEndian: Int32(array.count))
            // The lower bound: PostgreSQL counts array elements from 1.
            bytes.append(bigEndian: Int32(1))
        }
        for element in array { append(element: element) }
        add(Value.arrayType, from: start)
    }

    private mutating func append(element: (some Bindable)?) {
        let lengthAt = bytes.count
        bytes.append(bigEndian: Int32(-1))
        guard let element else { return }
        element.appendBinary(to: &bytes)
        let length = UInt32(bytes.count - lengthAt - 4)
        for index in 0..<4 {
            bytes[lengthAt + index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * index))
        }
    }

    private mutating func add(_ type: TypeID, from start: Int?) {
        types.append(type.rawValue)
        formats.append(type == .inferred ? 0 : 1)
        lengths.append(start.map { Int32(bytes.count - $0) } ?? 0)
        offsets.append(start ?? -1)
    }
}
