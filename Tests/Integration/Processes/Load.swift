import Glibc

/// How much the tests ask of the machine.
enum Load {
    /// `RELAIS_FULL=1` asks for the long forms.
    static let isFull = unsafe getenv("RELAIS_FULL") != nil
}
