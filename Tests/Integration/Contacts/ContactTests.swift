import Accounts
import Contacts
import Database
import FunctionContract
import Testing

@Suite("Contacts", .ownThread)
struct ContactTests {
    private let tenant: Tenant

    init() throws {
        tenant = try Tenant(in: MessagingDatabase.shared.get())
    }

    private func contacts(_ numbers: String...) -> [Contact] {
        numbers.map { Contact(phone: E164($0)) }
    }

    private var admin: Contacts {
        Contacts(tenant.connection, as: .member(.v7(), .admin, of: tenant.workspace))
    }

    @Test("If one of many numbers is taken, the error names it")
    func namesTheTakenNumber() throws {
        try tenant.contacts.add(contacts("+22990000002"))
        #expect(throws: ContactError.phoneTaken("+22990000002")) {
            try tenant.contacts.add(contacts("+22990000001", "+22990000002", "+22990000003"))
        }
        #expect(try tenant.count("SELECT FROM relais.contact") == 1)
    }

    @Test("A number that is given twice is named in the error")
    func namesTheRepeatedNumber() throws {
        #expect(throws: ContactError.phoneTaken("+22990000005")) {
            try tenant.contacts.add(contacts("+22990000004", "+22990000005", "+22990000005"))
        }
    }

    @Test("A number is also taken if its contact is invisible to the caller")
    func namesTheHiddenNumber() throws {
        try tenant.contacts.add(contacts("+22990000006"))
        #expect(try admin.page().isEmpty)
        #expect(throws: ContactError.phoneTaken("+22990000006")) {
            try admin.add(contacts("+22990000007", "+22990000006"))
        }
    }

    private func state(_ id: UUID) throws -> String {
        let contact = try #require(try tenant.contacts.find(id))
        let optIn = contact.optedInAt == nil ? "no" : "an"
        return "\(contact.status.rawValue), \(optIn) opt-in, \(contact.optInSource ?? "none")"
    }

    @Test("A new opt-in has its own source, not that of one that was taken back")
    func sources() throws {
        let id = try tenant.addContacts(1) { $0.optInSource = "fair" }[0]
        #expect(try tenant.contacts.set(.active, of: [id], source: "form") == 0)
        #expect(try state(id) == "active, an opt-in, fair")
        #expect(try tenant.contacts.set(.unsubscribed, of: [id]) == 1)
        #expect(try state(id) == "unsubscribed, no opt-in, none")
        #expect(try tenant.contacts.set(.active, of: [id], source: "form") == 1)
        #expect(try state(id) == "active, an opt-in, form")
    }

    @Test("An opt-in of a contact without one is recorded")
    func firstOptIn() throws {
        let id = try tenant.addContacts(1) { $0.optedInAt = nil }[0]
        #expect(try tenant.contacts.set(.active, of: [id], source: "form") == 1)
        #expect(try state(id) == "active, an opt-in, form")
    }

    @Test("No opt-in and no opt-out lifts a block")
    func blocks() throws {
        let id = try tenant.addContacts(1)[0]
        #expect(try tenant.contacts.set(.blocked, of: [id]) == 1)
        for status in [Contact.Status.active, .unsubscribed, .blocked] {
            #expect(try tenant.contacts.set(status, of: [id], source: "form") == 0)
        }
        #expect(try tenant.contacts.find(id)?.status == .blocked)
        #expect(try tenant.contacts.unblock([id]) == 1)
        #expect(try state(id) == "unsubscribed, no opt-in, none")
        #expect(try tenant.contacts.unblock([id]) == 0)
    }
}
