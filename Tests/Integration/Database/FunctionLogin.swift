import Database

/// How tests log in: whoever does acts as a function, for whom row-level security holds, though the
/// login is a superuser's.
enum FunctionLogin {
    /// From now on, for every login to the database at `url`.
    static func prepare(_ url: String) throws {
        try Connection(ownerURL(url)).run(
            script: """
                DO $$ BEGIN EXECUTE format('ALTER ROLE %I IN DATABASE %I SET role = relais_function',
                    session_user, current_database()); END $$
                """
        )
    }

    /// The same address for who owns the tables.
    static func ownerURL(_ url: String) -> String {
        url + (url.contains("?") ? "&" : "?") + "options=-c%20role%3Dnone"
    }
}
