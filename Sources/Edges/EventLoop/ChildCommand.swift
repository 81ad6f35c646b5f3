private import Glibc

/// A program to run as a child process, and everything it gets: it inherits nothing else.
package struct ChildCommand {
    /// A path, or a name to look up in the `PATH` of `environment`.
    package var executable: String
    /// The arguments after the program name.
    package var arguments: [String]
    /// The whole environment of the child.
    package var environment: [String: String]
    /// The working directory of the child; nil means the parent's.
    package var workingDirectory: String?
    /// Whether the child leads its own session and process group, which `killGroup` signals.
    package var isSessionLeader = true
    /// The descriptors of the child, from 0 up.
    package var descriptors: [Descriptor] = [.input(), .output(), .output()]
    /// Limits that are set just after the child has started.
    package var limits: [ResourceLimit] = []

    /// A command with pipes for its input, output and errors, and no limits.
    package init(
        _ executable: String,
        arguments: [String] = [],
        environment: [String: String] = [:],
        workingDirectory: String? = nil
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
    }

    /// One descriptor of the child.
    package enum Descriptor: Equatable, Sendable {
        /// `/dev/null` for 0, 1 and 2; closed for any other.
        case none
        /// A pipe from us to the child. It holds `capacity` bytes if the system allows that.
        case input(capacity: Int? = nil)
        /// A pipe from the child to us. It holds `capacity` bytes if the system allows that.
        case output(capacity: Int? = nil)
        /// One of our descriptors, shared with the child. We still have to close it.
        case inherited(Int32)
    }
}

/// A soft and hard limit on one resource of a process.
package struct ResourceLimit: Equatable, Sendable {
    let resource: Int32
    let value: UInt64

    /// Bytes of address space.
    package static func addressSpace(_ bytes: UInt64) -> ResourceLimit {
        ResourceLimit(resource: Int32(RLIMIT_AS.rawValue), value: bytes)
    }

    /// Seconds of processor time.
    package static func processorTime(_ seconds: UInt64) -> ResourceLimit {
        ResourceLimit(resource: Int32(RLIMIT_CPU.rawValue), value: seconds)
    }

    /// Bytes of the largest file that the process may write.
    package static func fileSize(_ bytes: UInt64) -> ResourceLimit {
        ResourceLimit(resource: Int32(RLIMIT_FSIZE.rawValue), value: bytes)
    }

    /// Descriptors open at once.
    package static func openFiles(_ count: UInt64) -> ResourceLimit {
        ResourceLimit(resource: Int32(RLIMIT_NOFILE.rawValue), value: count)
    }

    /// Bytes of a core dump; 0 for none.
    package static func coreDump(_ bytes: UInt64) -> ResourceLimit {
        ResourceLimit(resource: Int32(RLIMIT_CORE.rawValue), value: bytes)
    }
}

extension ChildProcess {
    /// How a child process ended.
    package struct ExitStatus: Equatable, Sendable {
        /// The exit code of the program; 0 when a signal ended it.
        package let code: Int64
        /// The signal that ended it, or 0.
        package let signal: Int32

        /// An exit with a code, or by a signal.
        package init(code: Int64, signal: Int32 = 0) {
            self.code = code
            self.signal = signal
        }

        /// Whether the program exited with code 0.
        package var isSuccess: Bool { code == 0 && signal == 0 }
    }
}
