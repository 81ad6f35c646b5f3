extension DatabaseError {
    /// True when the error affects all use of the database, so that other requests would fail too.
    /// False when only this request failed: a loop over many items can log the error and go on.
    package var concernsAll: Bool {
        switch code {
        case .configuration, .unreachable, .authentication, .connectionLost, .commitUnknown,
            .invalidStatement, .migration:
            true
        // A timeout with an SQLSTATE comes from the server and concerns one statement.
        case .timeout: sqlState == nil
        case .other: sqlState.map { Self.classesOfTheServer.contains($0.prefix(2)) } ?? false
        case .serialization, .deadlock, .uniqueViolation, .foreignKeyViolation,
            .notNullViolation, .checkViolation, .exclusionViolation, .invalidValue, .permission,
            .decoding:
            false
        }
    }

    /// SQLSTATE classes for a server that accepts no writes, lacks disk or memory, or is damaged.
    private static let classesOfTheServer: [Substring] = ["25", "53", "58", "XX"]

    /// True when the request itself is correct and only a concurrent transaction got in its way.
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
