extension DatabaseError {
    /// The database as a whole cannot be used, or not by this version: whoever asks for something
    /// else gets no answer either. False says that the error is about what was asked for, so that a
    /// loop over many things notes it and goes on.
    package var concernsAll: Bool {
        switch code {
        case .configuration, .unreachable, .authentication, .connectionLost, .commitUnknown,
            .invalidStatement, .migration:
            true
        // One that the server tells of is one statement's.
        case .timeout: sqlState == nil
        case .other: sqlState.map { Self.classesOfTheServer.contains($0.prefix(2)) } ?? false
        case .serialization, .deadlock, .uniqueViolation, .foreignKeyViolation,
            .notNullViolation, .checkViolation, .exclusionViolation, .invalidValue, .permission,
            .decoding:
            false
        }
    }

    /// It takes no writes, lacks room or memory, or is damaged.
    private static let classesOfTheServer: [Substring] = ["25", "53", "58", "XX"]

    /// Nothing is wrong with what was asked for: somebody else was in the way.
    package var isOfTheMoment: Bool {
        switch code {
        case .timeout, .serialization, .deadlock: true
        case .configuration, .unreachable, .authentication, .connectionLost, .commitUnknown,
            .uniqueViolation, .foreignKeyViolation, .notNullViolation, .checkViolation,
            .exclusionViolation, .invalidValue, .permission, .invalidStatement, .decoding,
            .migration, .other:
            false
        }
    }
}
