import Glibc
import Measurement

/// Where the things under measurement are.
struct Installation {
    /// The folder of this program and of all others that the package builds.
    let products: String
    /// The folder of the package.
    let package: String

    init() throws(Failure) {
        products = Self.folder(of: try Self.program())
        var folder = products
        while unsafe access("\(folder)/Package.swift", R_OK) != 0 {
            guard folder != "/" else { throw Failure("\(products) is not inside the package") }
            folder = Self.folder(of: folder)
        }
        package = folder
    }

    /// A program of this package; nil when it is not built.
    func product(_ name: String) -> String? {
        executable("\(products)/\(name)")
    }

    /// A program that an environment variable names.
    func named(by variable: String) -> String? {
        guard let value = unsafe getenv(variable) else { return nil }
        return executable(unsafe String(cString: value))
    }

    /// A program on the search path, or where daemons are.
    func installed(_ name: String) -> String? {
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
        let folders = "\(path):/usr/sbin:/usr/local/sbin".split(separator: ":")
        return folders.lazy.compactMap { executable("\($0)/\(name)") }.first
    }

    private func executable(_ path: String) -> String? {
        unsafe access(path, X_OK) == 0 ? path : nil
    }

    private static func program() throws(Failure) -> String {
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            count = unsafe buffer.withMemoryRebound(to: CChar.self) { path in
                max(0, unsafe readlink("/proc/self/exe", path.baseAddress!, path.count))
            }
        }
        guard !bytes.isEmpty else { throw Failure("cannot find this program: \(lastError())") }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
