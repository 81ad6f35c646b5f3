internal import CPostgres

extension DatabaseError {
    /// The error in a failed result. Without an SQLSTATE it comes from libpq, not the server.
    init(result: OpaquePointer) {
        func field(_ code: Int) -> String? {
            unsafe PQresultErrorField(result, CInt(code)).map { unsafe String(cString: $0) }
        }
        guard let sqlState = field(CPOSTGRES_SQLSTATE) else {
            self.init(.connectionLost, "the connection to PostgreSQL was lost")
            return
        }
        self.init(
            serverState: sqlState,
            message: field(CPOSTGRES_MESSAGE) ?? "no message"
        )
        table = field(CPOSTGRES_TABLE)
        column = field(CPOSTGRES_COLUMN)
        constraint = field(CPOSTGRES_CONSTRAINT)
        position = field(CPOSTGRES_POSITION).flatMap { Int($0) }
    }
}

extension Session {
    /// Why the connection attempt failed, in words for an operator.
    func connectionError() -> DatabaseError {
        let text = unsafe String(cString: PQerrorMessage(handle))
        // "FATAL:  28P01: password authentication failed for user …" comes from the server itself.
        guard let refusal = text.firstRange(of: "FATAL:  ") else {
            return unreachable(reason(in: text))
        }
        let words = text[refusal.upperBound...].prefix { $0 != "\n" }
        let sqlState = String(words.prefix(5))
        let message = String(words.dropFirst(sqlState.count + 2))
        return switch DatabaseError.Code(sqlState: sqlState) {
        case .unreachable, .connectionLost:
            DatabaseError(.unreachable, "PostgreSQL at \(address): \(message)", sqlState: sqlState)
        default:
            DatabaseError(
                .authentication,
                "PostgreSQL at \(address) refused the connection: \(message). Check DATABASE_URL.",
                sqlState: sqlState
            )
        }
    }

    func unreachable(_ reason: String) -> DatabaseError {
        DatabaseError(
            .unreachable,
            "cannot reach PostgreSQL at \(address): \(reason). Is it running? Set DATABASE_URL."
        )
    }

    private var address: String {
        let host = unsafe PQhost(handle).map { unsafe String(cString: $0) } ?? ""
        let port = unsafe PQport(handle).map { unsafe String(cString: $0) } ?? ""
        return host.isEmpty ? "(no host)" : "\(host):\(port)"
    }

    /// The end of libpq's first line, as in `connection to server at … failed: Connection refused`.
    private func reason(in text: String) -> String {
        let line = text.prefix { $0 != "\n" }
        guard let prefix = line.firstRange(of: "failed: ") else { return String(line) }
        return String(line[prefix.upperBound...])
    }
}
