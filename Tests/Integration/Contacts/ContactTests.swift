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
}
