import Glibc
import Measurement

/// The whole of a file, also one under `/proc` that does not know its size.
func contents(of path: String) throws(Failure) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure("cannot read \(path): \(lastError())") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while case let chunk = readChunk(descriptor), !chunk.isEmpty { bytes += chunk }
    return bytes
}

/// What can be read at once; empty at the end or on an error.
func readChunk(_ descriptor: CInt) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
        count = max(0, unsafe read(descriptor, buffer.baseAddress, buffer.count))
    }
}

/// Why the last system call failed.
func lastError() -> String {
    unsafe String(cString: strerror(errno))
}
