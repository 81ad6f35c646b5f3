extension Connection {
    /// A connection to the database that `DATABASE_URL` in `variables` names.
    package convenience init(environment variables: [String: String]) throws(DatabaseError) {
        guard let url = variables["DATABASE_URL"], !url.isEmpty else {
            throw DatabaseError(
                .configuration,
                "DATABASE_URL is not set; infra/database url prints that of the embedded server"
            )
        }
        self.init(url)
    }
}
