import Accounts
import Contacts
import Database
import FunctionContract
import SeededRandom
import Testing

@Suite(.ownThread)
struct CategoryTests {
    private let tenant: Tenant

    init() throws {
        tenant = try Tenant(in: MessagingDatabase.shared.get())
    }

    @Test("contacts list their categories, and categories list their contacts")
    func membershipGoesBothWays() throws {
        let seed = UInt64.random(in: 0...(.max))
        var random = SeededRandom(seed: seed)
        let contacts = try tenant.addContacts(12)
        let categories = try (0..<4).map { place in
            let category = Category(name: "C\(place)")
            try tenant.categories.add(category)
            return category.id
        }
        for _ in 0..<60 {
            let category = try #require(categories.randomElement(using: &random))
            let some = contacts.filter { _ in Bool.random(using: &random) }
            if Bool.random(using: &random) {
                try tenant.categories.join(some, to: category)
            } else {
                try tenant.categories.remove(some, from: category)
            }
        }
        for category in categories {
            let members = try tenant.categories.members(of: category)
            for contact in contacts {
                let its = try tenant.categories.categories(of: contact)
                #expect(members.contains(contact) == its.contains(category), "seed \(seed)")
            }
        }
    }

    @Test("deleting a category keeps its contacts")
    func contactsSurvive() throws {
        let contacts = try tenant.addContacts(5)
        let category = Category(name: "Éphémère")
        try tenant.categories.add(category)
        #expect(try tenant.categories.join(contacts, to: category.id) == 5)
        #expect(try tenant.categories.join(contacts, to: category.id) == 0)
        #expect(try tenant.categories.all().map(\.contacts) == [5])
        try tenant.categories.delete(category.id)
        for contact in contacts {
            #expect(try tenant.contacts.find(contact) != nil)
            #expect(try tenant.categories.categories(of: contact).isEmpty)
        }
    }

    @Test("category names and phone numbers are unique")
    func namesAreTakenOnce() throws {
        try tenant.categories.add(Category(name: "VIP"))
        #expect(throws: ContactError.categoryNameTaken("VIP")) {
            try tenant.categories.add(Category(name: "VIP"))
        }
        let phone = try #require(E164("+22990000001"))
        try tenant.contacts.add([Contact(phone: phone)])
        #expect(throws: ContactError.phoneTaken(phone.text)) {
            try tenant.contacts.add([Contact(phone: phone)])
        }
    }

    @Test("an admin sees, joins and deletes only their own rows")
    func adminsKeepToTheirOwn() throws {
        let (ana, ben) = (UUID.v7(), UUID.v7())
        let contact = Contact(phone: E164("+22990000002"))
        let asAna = Identity.member(ana, .admin, of: tenant.workspace)
        let asBen = Identity.member(ben, .admin, of: tenant.workspace)
        try Contacts(tenant.connection, as: asAna).add([contact])
        let category = Category(name: "À Ben")
        try Categories(tenant.connection, as: asBen).add(category)
        #expect(try Contacts(tenant.connection, as: asBen).find(contact.id) == nil)
        #expect(
            try Categories(tenant.connection, as: asBen).join([contact.id], to: category.id) == 0
        )
        #expect(throws: ContactError.contactMissing(contact.id)) {
            try Contacts(tenant.connection, as: asBen).delete(contact.id)
        }
        #expect(try tenant.contacts.find(contact.id) != nil)
    }

    @Test("an operator reads everything and changes nothing")
    func operatorsRead() throws {
        let contact = try tenant.addContacts(1)[0]
        let identity = Identity.member(.v7(), .operator, of: tenant.workspace)
        let contacts = Contacts(tenant.connection, as: identity)
        #expect(try contacts.find(contact) != nil)
        #expect(try contacts.set(.blocked, of: [contact]) == 0)
        #expect(throws: ContactError.self) {
            try contacts.add([Contact(phone: E164("+22990000003"))])
        }
    }
}
