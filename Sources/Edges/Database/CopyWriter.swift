/// Writes the rows of a COPY in text format.
package final class CopyWriter {
    private let session: Session
    private var rows = CopyRows()

    /// Bytes collected before they are sent.
    private static let bufferSize = 64 << 10

    init(session: Session) {
        self.session = session
    }

    package func row(_ values: Parameter...) throws(DatabaseError) {
        try row(values)
    }

    package func row(_ values: [Parameter]) throws(DatabaseError) {
        rows.append(values)
        if rows.bytes.count >= Self.bufferSize { try send() }
    }

    func send() throws(DatabaseError) {
        guard !rows.bytes.isEmpty else { return }
        try session.putCopyData(rows.bytes)
        rows.removeAll()
    }
}

@available(*, unavailable) extension CopyWriter: Sendable {}
