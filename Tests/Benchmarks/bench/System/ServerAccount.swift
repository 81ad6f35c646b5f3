import Glibc
import Measurement

/// Who runs PostgreSQL, which refuses to be run by root: root runs it as the user that
/// `infra/bootstrap` made for it, anybody else as themselves.
struct ServerAccount {
    private static let name = "relais"

    private let other: Identifiers?
    private let setpriv: String

    init(_ installation: Installation) throws(Failure) {
        setpriv = installation.installed("setpriv") ?? "setpriv"
        other = geteuid() == 0 ? try Identifiers(ofUser: Self.name) : nil
    }

    /// The command, run by that user.
    func running(_ command: Command) -> Command {
        guard let other else { return command }
        let identity = ["--reuid=\(other.user)", "--regid=\(other.group)", "--clear-groups"]
        return Command(
            program: setpriv,
            arguments: identity + [command.program] + command.arguments,
            environment: command.environment
        )
    }

    /// Makes a file or folder that user's own.
    func take(_ path: String) throws(Failure) {
        guard let other else { return }
        guard unsafe chown(path, other.user, other.group) == 0 else {
            throw Failure("cannot give \(path) to user \(Self.name): \(lastError())")
        }
    }

    private struct Identifiers {
        let user: uid_t
        let group: gid_t

        init(ofUser name: String) throws(Failure) {
            guard let entry = unsafe getpwnam(name) else {
                throw Failure("there is no user \(name). Run: infra/bootstrap --with database")
            }
            user = unsafe entry.pointee.pw_uid
            group = unsafe entry.pointee.pw_gid
        }
    }
}
