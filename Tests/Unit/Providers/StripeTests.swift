import FunctionContract
import Testing

@testable import Providers

@Suite struct StripeTests {
    private let body = Array(#"{"id":"evt_1","object":"event"}"#.utf8)
    /// Computed with Python's hmac for the body above at 1700000000.
    private static let code = "0c8670ed117751cc551a20e35839447075c42800ea3cf3e8a2fbda99cd1e6edd"

    @Test(arguments: [
        (String?.some("t=1700000000,v1=\(code)"), ["whsec_test_secret"], WebhookRefusal?.none),
        ("t=1700000000, v1=\(code)", ["whsec_test_secret"], nil),
        ("t=1700000000,v1=00ff,v1=\(code),v0=zz", ["whsec_old", "whsec_test_secret"], nil),
        ("t=1700000000,v1=\(code)", ["test_secret"], .signatureMismatch),
        ("t=1700000001,v1=\(code)", ["whsec_test_secret"], .signatureMismatch),
        ("t=1700000000,v0=\(code)", ["whsec_test_secret"], .signatureMalformed),
        ("t=1700000000,v1=zz", ["whsec_test_secret"], .signatureMalformed),
        ("v1=\(code)", ["whsec_test_secret"], .timestampMissing),
        ("t=,v1=\(code)", ["whsec_test_secret"], .timestampMissing),
        ("", ["whsec_test_secret"], .timestampMissing),
        (nil, ["whsec_test_secret"], .signatureMissing),
        ("t=1700000000,v1=\(code)", [], .secretMissing),
        ("t=1700000000,v1=\(code)", [""], .secretMissing),
    ])
    func verifiesSignatures(header: String?, secrets: [String], expected: WebhookRefusal?) {
        #expect(refusal(header, secrets, body, at: 1_700_000_000) == expected)
    }

    @Test(arguments: [
        (Int64(1_700_000_300), WebhookRefusal?.none), (1_700_000_301, .timestampTooOld),
        (1_600_000_000, nil),
    ])
    func refusesOldSignaturesOnly(now: Int64, expected: WebhookRefusal?) {
        let header = "t=1700000000,v1=\(Self.code)"
        #expect(refusal(header, ["whsec_test_secret"], body, at: now) == expected)
    }

    @Test func refusesAnEmptyBody() {
        #expect(refusal("t=1,v1=00", ["s"], [], at: 1) == .bodyEmpty)
    }

    @Test func readsSubscriptionsOfBothGenerations() throws {
        let old = try subject(
            #"""
            {"object":"subscription","id":"sub_1","status":"past_due","customer":"cus_1",
             "current_period_start":1700000000,"current_period_end":1702592000,
             "items":{"data":[{"price":{"id":"price_1"}}]},"metadata":{"tenant":"t1"}}
            """#
        )
        let new = try subject(
            #"""
            {"object":"subscription","id":"sub_1","status":"past_due",
             "customer":{"id":"cus_1"},"items":{"data":[{"price":{"id":"price_1"},
             "current_period_start":1700000000,"current_period_end":1702592000}]},
             "metadata":{"tenant":"t1"}}
            """#
        )
        #expect(old == new)
        guard case .subscription(let subscription) = new else { throw Unexpected() }
        #expect(subscription.periodEnd == Timestamp(milliseconds: 1_702_592_000_000))
        #expect(subscription.access == .grace)
        #expect(subscription.prices == ["price_1"])
        #expect(subscription.metadata == ["tenant": "t1"])
    }

    @Test func readsInvoicesOfBothGenerations() throws {
        let old = try subject(
            #"""
            {"object":"invoice","id":"in_1","subscription":"sub_1",
             "subscription_details":{"metadata":{"tenant":"t1"}},"amount_due":1000}
            """#
        )
        let new = try subject(
            #"""
            {"object":"invoice","id":"in_1",
             "parent":{"subscription_details":{"subscription":"sub_1",
             "metadata":{"tenant":"t1"}}},"amount_due":1000}
            """#
        )
        #expect(old == new)
    }

    @Test(arguments: [
        ("active", StripeSubscription.Access.full), ("trialing", .full), ("past_due", .grace),
        ("unpaid", .none),
        ("canceled", .none), ("paused", .none), ("incomplete", .none),
        ("incomplete_expired", .none), ("new", .none),
    ])
    func decidesAccess(status: String, access: StripeSubscription.Access) throws {
        guard
            case .subscription(let subscription) = try subject(
                #"{"object":"subscription","id":"s","status":"\#(status)"}"#
            )
        else { throw Unexpected() }
        #expect(subscription.access == access)
    }

    @Test func readsCheckoutsAndEntitlements() throws {
        guard
            case .checkout(let checkout) = try subject(
                #"""
                {"object":"checkout.session","id":"cs_1","status":"complete",
                 "payment_status":"paid","customer":"cus_1","subscription":"sub_1",
                 "client_reference_id":"tenant-1","metadata":null}
                """#
            )
        else { throw Unexpected() }
        #expect(checkout.clientReference == "tenant-1" && checkout.subscription == "sub_1")
        let summary = try subject(
            #"""
            {"object":"entitlements.active_entitlement_summary","customer":"cus_1",
             "entitlements":{"data":[{"lookup_key":"campaigns"}]}}
            """#
        )
        #expect(summary == .entitlements(customer: "cus_1", features: ["campaigns"]))
    }

    @Test func readsEveryObjectOfTheDocumentation() throws {
        let paths = try Fixture.paths("stripe")
        #expect(paths.count == 14)
        for path in paths where !path.hasSuffix("event.json") {
            let object = try Fixture.json(path)
            let subject = try subject(object.text)
            let known = [
                "checkout.session", "subscription", "invoice", "customer",
                "entitlements.active_entitlement_summary",
            ]
            #expect(
                (subject == .other) == !known.contains(object["object"]?.string ?? ""),
                "\(path)"
            )
        }
        let event = try Stripe.event(in: Fixture.bytes("stripe/openapi/event.json"))
        #expect(event.dedupeKey == "evt_1Pgc76B7WZ01zgkWwyRHS12y")
        #expect(event.subject == .other && event.type == "plan.created")
    }

    @Test(arguments: ["{}", "[]", "null", "7", #"{"data":{"object":{"object":"invoice"}}}"#])
    func keepsWhatItDoesNotUnderstand(body: String) throws {
        #expect(try Stripe.event(in: Array(body.utf8)).subject == .other)
    }

    private func subject(_ object: String) throws -> StripeEvent.Subject {
        try Stripe.event(in: Array(#"{"id":"evt_1","type":"x","data":{"object":\#(object)}}"#.utf8))
            .subject
    }

    private func refusal(
        _ header: String?,
        _ secrets: [String],
        _ body: [UInt8],
        at now: Int64
    ) -> WebhookRefusal? {
        var headers = HTTPFields()
        headers["stripe-signature"] = header
        do throws(ProviderError) {
            try Stripe.verify(
                WebhookDelivery(headers: headers, body: body),
                secrets: secrets,
                now: Timestamp(milliseconds: now * 1000)
            )
            return nil
        } catch {
            guard case .webhookRefused(let reason) = error else { return nil }
            return reason
        }
    }
}
