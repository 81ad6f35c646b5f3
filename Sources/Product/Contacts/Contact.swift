internal import Database
package import FunctionContract

/// A person to whom the workspace can write.
package struct Contact: Sendable, Equatable {
    package enum Segment: String, CaseIterable, Sendable {
        case active, inactive, new, premium
    }

    package enum Status: String, CaseIterable, Sendable {
        case active
        /// The contact wants no more messages.
        case unsubscribed
        /// The workspace no longer writes to the contact.
        case blocked
    }

    package let id: UUID
    /// Nil for people who use a user name instead of a number.
    package var phone: E164?
    package var firstName: String?
    package var lastName: String?
    package var email: String?
    package var language: String?
    package var segment = Segment.new
    package var tags: [String] = []
    /// A JSON object with the additional columns of an import, for use as variables.
    package var attributes = "{}"
    package var optedInAt: Timestamp?
    package var optInSource: String?
    package var status = Status.active
    /// Nil until a check of the number has given a clear answer.
    package var isOnWhatsApp: Bool?
    package var lastActivityAt: Timestamp?

    package init(id: UUID = .v7(), phone: E164? = nil) {
        self.id = id
        self.phone = phone
    }
}

extension Contact {
    init(_ row: Row) throws(DatabaseError) {
        let phone: String? = try row.get("phone")
        self.init(id: try row.get("id"), phone: phone.flatMap { E164($0) })
        firstName = try row.get("first_name")
        lastName = try row.get("last_name")
        email = try row.get("email")
        language = try row.get("language")
        segment = Segment(rawValue: try row.get("segment")) ?? .new
        tags = try row.get("tags")
        attributes = try row.get("attributes")
        optedInAt = try row.get("opted_in_at")
        optInSource = try row.get("opt_in_source")
        status = Status(rawValue: try row.get("status")) ?? .blocked
        isOnWhatsApp = try row.get("whatsapp_verified")
        lastActivityAt = try row.get("last_activity_at")
    }
}
