import Glibc

/// How much the tests ask of the machine.
enum Load {
    /// `RELAIS_FULL=1` asks for the long forms.
    static let isFull = unsafe getenv("RELAIS_FULL") != nil

    /// `RELAIS_SEED=…` repeats what a long test drew at random.
    static let seed: UInt64 =
        unsafe getenv("RELAIS_SEED").flatMap { unsafe UInt64(String(cString: $0)) }
        ?? .random(in: 0...999_999)
}
