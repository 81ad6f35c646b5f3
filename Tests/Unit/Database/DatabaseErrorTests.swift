import Testing

@testable import Database

struct DatabaseErrorTests {
    @Test(arguments: [
        ("40001", DatabaseError.Code.serialization), ("40P01", .deadlock),
        ("23505", .uniqueViolation), ("23503", .foreignKeyViolation), ("57014", .timeout),
        ("57P01", .connectionLost), ("08006", .connectionLost), ("57P03", .unreachable),
        ("28P01", .authentication), ("42501", .permission), ("42P01", .invalidStatement),
        ("22P02", .invalidValue), ("XX000", .other), ("", .other),
    ])
    func namesWhatAStateMeans(_ state: String, _ code: DatabaseError.Code) {
        #expect(DatabaseError.Code(sqlState: state) == code)
    }

    @Test func cutsTheValueOutOfADataException() {
        let message = "invalid input syntax for type integer: \"secret\""
        let error = DatabaseError(serverState: "22P02", message: message)
        #expect(
            error.description == "invalid input syntax for type integer (SQLSTATE 22P02)"
        )
    }

    @Test(arguments: [(1, 1), (3, 2), (4, 3), (100, 3)])
    func countsLinesFromTheTop(_ position: Int, _ line: Int) {
        var error = DatabaseError(.other, "")
        error.position = position
        #expect(error.line(in: "é\n\nb") == line)
    }
}
