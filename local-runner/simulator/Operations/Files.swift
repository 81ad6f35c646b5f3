import FunctionRuntime
import Glibc

/// A file to which lines are added, each with one `write`. Written lines survive any end of the
/// process.
final class LedgerFile {
    private let descriptor: Descriptor
    private let path: String

    /// Opens or creates the file. Existing lines stay.
    init(_ path: String) throws(FileError) {
        self.path = path
        descriptor = Descriptor(
            number: try openFile(path, O_WRONLY | O_CREAT | O_APPEND, "the ledger")
        )
    }

    deinit { close(descriptor.number) }

    func append(_ line: [UInt8]) throws(FileError) {
        do throws(DescriptorError) {
            try descriptor.write(line)
        } catch {
            throw FileError(description: "cannot write the ledger \(path): \(error)")
        }
    }
}

/// A failed file operation, as a sentence for the operator.
struct FileError: Error, Equatable, CustomStringConvertible {
    let description: String
}

/// The bytes of a file; throws when there are more than `limit`.
func contents(of path: String, limit: Int) throws(FileError) -> [UInt8] {
    let number = try openFile(path, O_RDONLY, "the scenario")
    defer { close(number) }
    let bytes: [UInt8]
    do throws(DescriptorError) {
        bytes = try Descriptor(number: number).readToEnd(limit: limit)
    } catch {
        throw FileError(description: "cannot read the scenario \(path): \(error)")
    }
    guard bytes.count <= limit else {
        throw FileError(description: "the scenario \(path) is larger than \(limit) bytes")
    }
    return bytes
}

private func openFile(
    _ path: String,
    _ flags: CInt,
    _ what: String
) throws(FileError) -> CInt {
    let number = unsafe open(path, flags | O_CLOEXEC, 0o644)
    guard number >= 0 else {
        let reason = unsafe String(cString: strerror(errno))
        throw FileError(description: "cannot open \(what) \(path): \(reason)")
    }
    return number
}
