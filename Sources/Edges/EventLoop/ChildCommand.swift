private import Glibc

/// What to run as a child process, and everything it may see: nothing else is inherited.
package struct ChildCommand {
    /// A path, or a name to find in the `PATH` of `environment`.
    package var executable: String
    /// The arguments after the name of the program.
    package var arguments: [String]
    /// The whole environment of the child.
    package var environment: [String: String]
    /// Where the child starts; nil is where the parent is.
    package var workingDirectory: String?
    /// Whether the child leads a session and process group of its own, which `killGroup` ends.
    package var isSessionLeader = true
    /// What the descriptors of the child are, from 0 up.
    package var descriptors: [Descriptor] = [.input(), .output(), .output()]
    /// Limits put on the child once it runs.
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
        /// A pipe that we write and the child reads, holding `capacity` bytes if the system agrees.
        case input(capacity: Int? = nil)
        /// A pipe that the child writes and we read, holding `capacity` bytes if the system agrees.
        case output(capacity: Int? = nil)
        /// A descriptor of ours, shared with the child; it stays ours to close.
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

    /// Bytes of the largest file it may write.
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
        /// What the program returned; 0 when a signal ended it.
        package let code: Int64
        /// The signal that ended it, or 0.
        package let signal: Int32

        /// An end by a return value, or by a signal.
        package init(code: Int64, signal: Int32 = 0) {
            self.code = code
            self.signal = signal
        }

        /// Whether the program returned 0.
        package var isSuccess: Bool { code == 0 && signal == 0 }
    }
}
