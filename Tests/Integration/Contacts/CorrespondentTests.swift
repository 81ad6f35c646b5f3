import Accounts
import Campaigns
import Contacts
import Database
import FunctionContract
@testable import Providers
import Messages
import Synchronization
import Testing

@Suite(.ownThread)
struct CorrespondentTests {
    private let tenant: Tenant

    init() throws {
        tenant = try Tenant(in: MessagingDatabase.shared.get())
    }

    @Test("a new person becomes a contact and is then found by each of their identities")
    func remembersNames() throws {
        let phone = try #require(E164("+2290197000001"))
        let first = try find([(.waID, "2290197000001"), (.bsuid, "BJ.1")], [phone])
        #expect(first != nil)
        #expect(try find([(.bsuid, "BJ.1")], []) == first)
        #expect(try find([(.waID, "2290197000001"), (.lid, "77")], []) == first)
        #expect(try find([(.lid, "77")], []) == first)
        #expect(try tenant.contacts.find(try #require(first))?.phone == phone)
    }

    @Test("a person without a phone number becomes a contact too")
    func needsNoPhone() throws {
        let contact = try #require(try find([(.bsuid, "FR.2")], []))
        #expect(try tenant.contacts.find(contact)?.phone == nil)
        #expect(try find([], []) == nil)
    }

    @Test("a provider's own id identifies a person on its channel only")
    func providerIDsBelongToChannels() throws {
        let here = try find([(.providerContact, "123")], [])
        let other = UUID.v7()
        let there = try find([(.providerContact, "123")], [], channel: other)
        #expect(here != there)
        #expect(try find([(.providerContact, "123")], [], channel: other) == there)
    }

    @Test("concurrent webhooks of one new person create one contact")
    func newcomersAreOne() throws {
        let found = Mutex<Set<UUID>>([])
        let (identity, channel) = (tenant.identity, tenant.channel.id)
        runTogether(8, on: tenant.database) { _, connection in
            let options = TransactionOptions(identity: identity)
            let contact = try connection.transaction(options) {
                (transaction) throws(DatabaseError) in
                try Correspondents.contact(
                    of: Party(identities: [ContactIdentity(.bsuid, "CI.9")]),
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

    @Test("two contacts of one person are merged, and an unsubscription is kept")
    func merges() throws {
        let phone = try #require(E164("+2290197000002"))
        let typed = try tenant.addContacts(1) { $0.phone = phone }[0]
        let category = Category(name: "Fidèles")
        try tenant.categories.add(category)
        try tenant.categories.join([typed], to: category.id)
        try tenant.start()
        let hidden = try #require(try find([(.lid, "99")], []))
        try tenant.transaction { (transaction) throws(DatabaseError) in
            let stop = Interaction(
                .optOut,
                from: hidden,
                on: tenant.channel.id,
                at: .now,
                providerID: "in1"
            )
            _ = try Answers.record(stop, in: transaction)
        }
        try tenant.contacts.set(.unsubscribed, of: [hidden])
        #expect(try find([(.lid, "99"), (.waID, "2290197000002")], [phone]) == typed)
        let merged = try #require(try tenant.contacts.find(typed))
        #expect(merged.phone == phone)
        #expect(merged.status == .unsubscribed)
        #expect(merged.optedInAt == nil)
        #expect(try find([(.lid, "99")], []) == typed)
        #expect(try find([], [phone]) == typed)
        #expect(try tenant.contacts.page().map(\.id) == [typed])
        let own = [
            "SELECT FROM relais.interaction", "SELECT FROM relais.conversation",
            "SELECT FROM relais.category_member", "SELECT FROM relais.message",
        ]
        for sql in own {
            #expect(try tenant.count("\(sql) WHERE contact = $1", .uuid(typed)) == 1, "\(sql)")
            #expect(try tenant.count("\(sql) WHERE contact = $1", .uuid(hidden)) == 0, "\(sql)")
        }
    }

    @Test("a merge keeps the older contact and adds the younger one's number")
    func keepsTheOlder() throws {
        let hidden = try #require(try find([(.lid, "98")], []))
        let phone = try #require(E164("+2290197000003"))
        let typed = try tenant.addContacts(1) { $0.phone = phone }[0]
        #expect(try find([(.lid, "98")], [phone]) == hidden)
        let merged = try #require(try tenant.contacts.find(hidden))
        #expect(merged.phone == phone)
        #expect(merged.firstName == "Ana0")
        #expect(merged.tags == ["vip"])
        #expect(merged.optedInAt != nil)
        #expect(try tenant.contacts.find(typed)?.phone == nil)
    }

    @Test("after a merge a campaign keeps both messages but sends one")
    func mergesInCampaigns() throws {
        let phone = try #require(E164("+2290197000004"))
        try tenant.addContacts(1) { $0.phone = phone }
        let hidden = try #require(try find([(.lid, "97")], []))
        _ = try tenant.read(
            "UPDATE relais.contact SET tags = '{vip}', opted_in_at = now(), first_name = 'Ana'"
        )
        let campaign = try tenant.start()
        #expect(try tenant.statuses(of: campaign) == [.queued: 2])
        _ = try find([(.lid, "97")], [phone])
        #expect(try tenant.statuses(of: campaign) == [.queued: 2])
        let outbox = Outbox(
            tenant.connection,
            workspace: tenant.workspace,
            channel: tenant.channel.id
        )
        let claimed = try outbox.transaction { (transaction) throws(DatabaseError) in
            try outbox.claim(limit: 5, lease: .seconds(60), in: transaction)
        }
        #expect(claimed.count == 2)
        #expect(claimed.filter(\.hasLeft).map(\.contact) == [hidden])
        let again = try tenant.campaigns.relaunch(campaign)
        #expect(try tenant.campaigns.start(again.id).recipients == 1)
    }

    @Test("a reassigned number does not merge two people")
    func keepsStrangersApart() throws {
        let phone = try #require(E164("+2290197000005"))
        let before = try #require(try find([(.lid, "96"), (.waID, "2290197000005")], [phone]))
        let after = try #require(try find([(.lid, "95")], []))
        #expect(try find([(.lid, "95")], [phone]) == before)
        #expect(try find([(.lid, "95")], []) == after)
        let other = try #require(E164("+2290197000006"))
        let third = try tenant.addContacts(1) { $0.phone = other }[0]
        _ = try find([(.bsuid, "BJ.7")], [other])
        #expect(try find([(.bsuid, "BJ.7")], [phone]) == before)
        #expect(try find([(.bsuid, "BJ.7")], []) == third)
    }

    private func find(
        _ names: [(ContactIdentity.Kind, String)],
        _ phones: [E164],
        channel: UUID? = nil
    ) throws -> UUID? {
        try tenant.transaction { (transaction) throws(DatabaseError) in
            try Correspondents.contact(
                of: Party(identities: names.map { ContactIdentity($0.0, $0.1) }),
                phones: phones,
                on: channel ?? tenant.channel.id,
                in: transaction
            )
        }
    }
}
