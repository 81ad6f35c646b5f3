import Accounts
import Contacts
import Database
@testable import Providers
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10)))
struct CorrespondentTests {
    private let tenant: Tenant

    init() throws {
        tenant = try Tenant(in: MessagingDatabase.shared.get())
    }

    @Test("a newcomer becomes a contact, and is known by every name afterwards")
    func remembersNames() throws {
        let phone = try #require(E164("+2290197000001"))
        let first = try find([(.waID, "2290197000001"), (.bsuid, "BJ.1")], [phone])
        #expect(first != nil)
        #expect(try find([(.bsuid, "BJ.1")], []) == first)
        #expect(try find([(.waID, "2290197000001"), (.lid, "77")], []) == first)
        #expect(try find([(.lid, "77")], []) == first)
        #expect(try tenant.contacts.find(try #require(first))?.phone == phone)
    }

    @Test("somebody without a number is a contact, too")
    func needsNoPhone() throws {
        let contact = try #require(try find([(.bsuid, "FR.2")], []))
        #expect(try tenant.contacts.find(contact)?.phone == nil)
        #expect(try find([], []) == nil)
    }

    @Test("an id of a provider's own means somebody on its channel only")
    func providerIDsBelongToChannels() throws {
        let here = try find([(.providerContact, "123")], [])
        let other = UUID.v7()
        let there = try find([(.providerContact, "123")], [], channel: other)
        #expect(here != there)
        #expect(try find([(.providerContact, "123")], [], channel: other) == there)
    }

    @Test("two webhooks of one newcomer find one contact")
    func newcomersAreOne() throws {
        let found = Mutex<Set<UUID>>([])
        let (identity, channel) = (tenant.identity, tenant.channel.id)
        runTogether(8, on: tenant.database) { _, connection in
            let options = TransactionOptions(identity: identity)
            let contact = try connection.transaction(options) {
                (transaction) throws(DatabaseError) in
                try Correspondents.contact(
                    of: Party(identities: [Providers.Identity(.bsuid, "CI.9")]),
                    phones: [],
                    on: channel,
                    in: transaction
                )
            }
            if let contact { found.withLock { _ = $0.insert(contact) } }
        }
        #expect(found.withLock { $0.count } == 1)
        #expect(try tenant.count("SELECT FROM relais.contact") == 1)
    }

    private func find(
        _ names: [(Providers.Identity.Kind, String)],
        _ phones: [E164],
        channel: UUID? = nil
    ) throws -> UUID? {
        try tenant.transaction { (transaction) throws(DatabaseError) in
            try Correspondents.contact(
                of: Party(identities: names.map { Providers.Identity($0.0, $0.1) }),
                phones: phones,
                on: channel ?? tenant.channel.id,
                in: transaction
            )
        }
    }
}
