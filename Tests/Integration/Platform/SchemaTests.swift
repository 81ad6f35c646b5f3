import Testing

@Suite("infra/postgres/schema.sql", .ownThread)
struct SchemaTests {
    @Test("It matches the result of all migrations")
    func upToDate() throws {
        let check = try FinishedProcess(
            running: BuiltProduct.packageRoot + "/infra/schema",
            ["--check"],
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"]
        )
        #expect(check.exit == .code(0), "\(check.outputText)\(check.errorText)")
    }
}
