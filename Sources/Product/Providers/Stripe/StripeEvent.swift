package import FunctionContract

/// An event of Stripe. Events arrive in any order and more than once. `dedupeKey` identifies
/// repetitions, and `createdAt` tells which of two is older.
package struct StripeEvent: Equatable, Sendable {
    package var dedupeKey: String
    /// `invoice.paid`, `customer.subscription.updated`, …
    package var type: String
    package var createdAt: Timestamp?
    package var isLive: Bool
    package var apiVersion: String?
    package var subject: Subject
    package var raw: JSON

    /// The object of the event.
    package enum Subject: Equatable, Sendable {
        case checkout(StripeCheckout)
        case subscription(StripeSubscription)
        case invoice(StripeInvoice)
        case customer(id: String, email: String?)
        /// The features that a customer now has, as lookup keys.
        case entitlements(customer: String, features: [String])
        case other
    }

    init(_ json: JSON) {
        raw = json
        type = json["type"]?.asText ?? ""
        createdAt = json["created"]?.asMoment
        isLive = json["livemode"]?.asBool ?? false
        apiVersion = json["api_version"]?.asIdentifier
        subject = Subject(json["data"]?["object"] ?? .null)
        dedupeKey = json["id"]?.asIdentifier ?? DomainEvent.contentKey("stripe", of: json)
    }
}

extension StripeEvent.Subject {
    fileprivate init(_ object: JSON) {
        let id = object["id"]?.asIdentifier
        switch (object["object"]?.asText, id) {
        case ("checkout.session", let id?): self = .checkout(StripeCheckout(object, id: id))
        case ("subscription", let id?): self = .subscription(StripeSubscription(object, id: id))
        case ("invoice", let id?): self = .invoice(StripeInvoice(object, id: id))
        case ("customer", let id?): self = .customer(id: id, email: object["email"]?.asIdentifier)
        case ("entitlements.active_entitlement_summary", _):
            guard let customer = object["customer"]?.stripeID else {
                self = .other
                return
            }
            let features = object["entitlements"]?["data"].elements ?? []
            self = .entitlements(
                customer: customer,
                features: features.compactMap { $0["lookup_key"]?.asIdentifier }
            )
        default: self = .other
        }
    }
}

/// A payment page that a customer completed or left.
package struct StripeCheckout: Equatable, Sendable {
    package var id: String
    /// `open`, `complete` or `expired`.
    package var status: String?
    /// `paid`, `unpaid` or `no_payment_required`.
    package var paymentStatus: String?
    package var mode: String?
    package var customer: String?
    package var subscription: String?
    /// Our id of the payer.
    package var clientReference: String?
    package var metadata: [String: String]

    fileprivate init(_ object: JSON, id: String) {
        self.id = id
        status = object["status"]?.asIdentifier
        paymentStatus = object["payment_status"]?.asIdentifier
        mode = object["mode"]?.asIdentifier
        customer = object["customer"]?.stripeID
        subscription = object["subscription"]?.stripeID
        clientReference = object["client_reference_id"]?.asIdentifier
        metadata = object["metadata"].stripeMetadata
    }
}

/// The current state of a subscription.
package struct StripeSubscription: Equatable, Sendable {
    /// The access that a subscription grants.
    package enum Access: String, Sendable {
        case full
        /// A payment is late: warn the customer, but keep the access.
        case grace
        case none
    }

    package var id: String
    /// `active`, `trialing`, `past_due`, …
    package var status: String
    package var customer: String?
    package var periodStart: Timestamp?
    package var periodEnd: Timestamp?
    package var trialEnd: Timestamp?
    package var cancelsAtPeriodEnd: Bool
    package var prices: [String]
    package var metadata: [String: String]

    package var access: Access {
        switch status {
        case "active", "trialing": .full
        case "past_due": .grace
        default: .none
        }
    }

    /// Since API version 2025-03-31 the items hold the period; before, the subscription did.
    fileprivate init(_ object: JSON, id: String) {
        let items = object["items"]?["data"].elements ?? []
        self.id = id
        status = object["status"]?.asText ?? ""
        customer = object["customer"]?.stripeID
        periodStart =
            object["current_period_start"]?.asMoment
            ?? items.compactMap { $0["current_period_start"]?.asMoment }.min()
        periodEnd =
            object["current_period_end"]?.asMoment
            ?? items.compactMap { $0["current_period_end"]?.asMoment }.max()
        trialEnd = object["trial_end"]?.asMoment
        cancelsAtPeriodEnd = object["cancel_at_period_end"]?.asBool ?? false
        prices = items.compactMap { $0["price"]?.stripeID }
        metadata = object["metadata"].stripeMetadata
    }
}

/// An invoice.
package struct StripeInvoice: Equatable, Sendable {
    package var id: String
    package var status: String?
    package var customer: String?
    package var subscription: String?
    /// In the smallest unit of the currency.
    package var amountDue: Int?
    package var amountPaid: Int?
    package var currency: String?
    /// The page where the customer can see and pay the invoice.
    package var hostedURL: String?
    /// The metadata of the subscription, if Stripe sends it.
    package var subscriptionMetadata: [String: String]

    /// Since API version 2025-03-31 the subscription is under `parent`.
    fileprivate init(_ object: JSON, id: String) {
        let details =
            object["parent"]?["subscription_details"] ?? object["subscription_details"]
        self.id = id
        status = object["status"]?.asIdentifier
        customer = object["customer"]?.stripeID
        subscription = (object["subscription"] ?? details?["subscription"])?.stripeID
        amountDue = object["amount_due"]?.asInteger
        amountPaid = object["amount_paid"]?.asInteger
        currency = object["currency"]?.asIdentifier
        hostedURL = object["hosted_invoice_url"]?.asIdentifier
        subscriptionMetadata = (details?["metadata"]).stripeMetadata
    }
}

extension JSON {
    /// A reference is an id, or the whole object when it was expanded.
    fileprivate var stripeID: String? { asIdentifier ?? self["id"]?.asIdentifier }
}

extension JSON? {
    fileprivate var stripeMetadata: [String: String] {
        var metadata: [String: String] = [:]
        for member in self?.object?.members ?? [] {
            metadata[member.name] = member.value.asText
        }
        return metadata
    }
}
