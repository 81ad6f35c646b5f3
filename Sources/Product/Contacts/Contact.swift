internal import Database
package import FunctionContract

/// Someone to write to.
package struct Contact: Sendable, Equatable {
    package enum Segment: String, CaseIterable, Sendable {
        case active, inactive, new, premium
    }

    package enum Status: String, CaseIterable, Sendable {
        case active
        /// Wants no more messages.
        case unsubscribed
        /// We want to send no more messages.
        case blocked
    }

    package let id: UUID
    /// Missing for those who go by a user name.
    package var phone: E164?
    package var firstName: String?
    package var lastName: String?
    package var email: String?
    package var language: String?
    package var segment = Segment.new
    package var tags: [String] = []
    /// A JSON object: columns of an import that have no place of their own, for variables.
    package var attributes = "{}"
    package var optedInAt: Timestamp?
    package var optInSource: String?
    package var status = Status.active
    /// Nil while nobody asked whether the number is on WhatsApp.
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
