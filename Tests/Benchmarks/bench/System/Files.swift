import Glibc
import Measurement

/// The whole of a file, or what follows an offset. A file under `/proc` does not know its size.
func contents(of path: String, from offset: Int = 0) throws(Failure) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure("cannot read \(path): \(lastError())") }
    defer { close(descriptor) }
    if offset > 0 { lseek(descriptor, offset, SEEK_SET) }
    var bytes: [UInt8] = []
    while case let chunk = readChunk(descriptor), !chunk.isEmpty { bytes += chunk }
    return bytes
}

/// Makes the file, or anew what is in it; only its owner may read it.
func writeFile(_ path: String, _ bytes: [UInt8]) throws(Failure) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure("cannot write \(path): \(lastError())") }
    defer { close(descriptor) }
    guard unsafe write(descriptor, bytes, bytes.count) == bytes.count else {
        throw Failure("cannot write \(path): \(lastError())")
    }
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

/// What is in a folder, in no order.
func names(in folder: String) throws(Failure) -> [String] {
    guard let stream = unsafe opendir(folder) else {
        throw Failure("cannot read \(folder): \(lastError())")
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
            unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { bytes in
                unsafe String(cString: bytes)
            }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names
}

/// The path without links; nil when there is nothing.
func resolved(_ path: String) -> String? {
    guard let real = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
}
