import Glibc

/// How a process starts: `posix_spawn` with nothing inherited but what is named here.
struct Spawn {
    let path: String
    let arguments: [String]
    let environment: [String: String]
    /// From the number that the process sees to the descriptor of ours behind it.
    let descriptors: [CInt: CInt]

    func start() throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe addActions(to: &actions)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        setAttributes(&attributes)
        let words = CStrings([path] + arguments)
        let variables = CStrings(environment.map { "\($0.key)=\($0.value)" }.sorted())
        var id: pid_t = 0
        let code = unsafe posix_spawn(
            &id,
            path,
            &actions,
            &attributes,
            words.pointers,
            variables.pointers
        )
        guard code == 0 else { throw SystemCallFailed("posix_spawn \(path)", code: code) }
        return id
    }

    private func addActions(to actions: inout posix_spawn_file_actions_t) {
        for (number, descriptor) in descriptors.sorted(by: { $0.key < $1.key }) {
            unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, number)
        }
        // Whatever another thread of the test run has open just now must not be inherited: a copy
        // of a pipe's writing end would keep its reader waiting for ever.
        for number in 3..<Self.descriptorLimit where descriptors[number] == nil {
            unsafe posix_spawn_file_actions_addclose(&actions, number)
        }
    }

    /// More than the tests ever have open, two thousand idle connections among them.
    static let descriptorLimit: CInt = 4096

    /// A process group of its own, no signal blocked, and SIGPIPE as the system hands it out.
    private func setAttributes(_ attributes: inout posix_spawnattr_t) {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    }
}

/// A vector of C strings that ends with a null pointer, as `exec` wants it.
@safe private final class CStrings {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        unsafe pointers = .allocate(capacity: strings.count + 1)
        for (index, string) in strings.enumerated() {
            unsafe (pointers + index).initialize(to: strdup(string))
        }
        unsafe (pointers + count).initialize(to: nil)
    }

    deinit {
        for index in 0..<count { unsafe free(pointers[index]) }
        unsafe pointers.deallocate()
    }
}
