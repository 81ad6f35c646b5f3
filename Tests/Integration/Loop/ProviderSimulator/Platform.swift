import EventLoop
import FunctionContract
import HTTPServer
import Providers

/// What takes webhooks in these tests: it keeps every one, and answers as it is told.
final class Platform {
    struct Delivery {
        let path: String
        let webhook: WebhookDelivery

        /// The provider in the path.
        var provider: Provider? {
            Provider(rawValue: String(path.split(separator: "/").dropFirst().first ?? ""))
        }

        func events() throws -> [DomainEvent] {
            try provider?.events(in: webhook.body) ?? []
        }
    }

    private(set) var deliveries: [Delivery] = []
    /// The status of the next answers; the last one stays.
    var statuses = [200]
    var onDelivery: (Delivery) -> Void = { _ in }
    /// Whether each answer ends its connection.
    var closesConnections = false
    private(set) var server: HTTPServer?
    private(set) var port: UInt16 = 0

    init(on loop: EventLoop) throws {
        let server = HTTPServer(on: loop) { [unowned self] in receive($0) }
        self.server = server
        port = try server.listen(host: "127.0.0.1", port: 0)
    }

    /// Everything that was told, in the order in which it came.
    func events() throws -> [DomainEvent] { try deliveries.flatMap { try $0.events() } }

    /// `sent`, `delivered`, … of one message, in the order in which they came.
    func statuses(of id: String) throws -> [DeliveryStatus] {
        try events().compactMap { event in
            guard case .status(let update) = event.kind, update.messageID.value == id else {
                return nil
            }
            return update.status
        }
    }

    private func receive(_ exchange: HTTPExchange) {
        let request = exchange.request
        let headers = HTTPFields(request.headers.map { ($0.name, $0.value) })
        let webhook = WebhookDelivery(headers: headers, body: request.body)
        let delivery = Delivery(path: request.path, webhook: webhook)
        deliveries.append(delivery)
        onDelivery(delivery)
        let status = statuses.count > 1 ? statuses.removeFirst() : statuses[0]
        let fields: HTTPHeaders = closesConnections ? ["connection": "close"] : [:]
        exchange.reply(HTTPResponse(status: status, headers: fields))
    }
}
