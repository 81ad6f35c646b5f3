package import FunctionContract

/// A request to a provider, as a value. The caller sends it.
package struct ProviderRequest: Equatable, Sendable {
    /// The methods that providers use.
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    package var method: Method
    package var url: String
    package var headers: HTTPFields
    package var body: [UInt8]?

    init(_ method: Method, _ url: String, headers: HTTPFields, json: JSON? = nil) {
        self.method = method
        self.url = url
        self.headers = headers
        self.headers["accept"] = "application/json"
        if let json {
            self.headers["content-type"] = "application/json"
            body = json.bytes
        }
    }

    init(_ method: Method, _ url: String, headers: HTTPFields, form: FormFields) {
        self.init(method, url, headers: headers)
        self.headers["content-type"] = "application/x-www-form-urlencoded"
        body = form.bytes
    }

    /// The request for a file of any type.
    static func file(_ url: String, headers: HTTPFields) -> ProviderRequest {
        var request = ProviderRequest(.get, url, headers: headers)
        request.headers["accept"] = "*/*"
        return request
    }
}

extension ProviderRequest: CustomStringConvertible {
    /// Without headers and body: they hold the token and private messages.
    package var description: String { "\(method.rawValue) \(url)" }
}

/// A provider's HTTP response.
package struct ProviderReply: Equatable, Sendable {
    package var status: Int
    /// Names are lower-case.
    package var headers: HTTPFields
    package var body: [UInt8]

    package init(status: Int, headers: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    var isSuccess: Bool { (200..<300).contains(status) }

    var json: JSON? { (try? JSONParser.parse(body))?.withoutNulls }
}

/// How a request ended.
package enum TransportResult: Equatable, Sendable {
    case reply(ProviderReply)
    /// The request failed before any of it was written, so it had no effect.
    case notSent(String)
    /// The request was written, but no response arrived. It may have had an effect.
    case lost(String)
}

/// The address, the token and the ids needed to send requests for a channel.
package struct ChannelAccess: Equatable, Sendable {
    /// The base address of the provider's API, without a final slash.
    package var baseURL: String
    package var token: String
    /// The provider's id of the channel, as in `ChannelReference.id`.
    package var channelID: String
    /// The account that owns the channel and its templates: Meta's WhatsApp Business Account,
    /// Twilio's Account SID.
    package var accountID: String?
    /// The version in the path of Meta's API.
    package var apiVersion: String
    /// Whether marketing templates are sent through the provider's separate API for marketing, if
    /// it has one.
    package var usesMarketingAPI = false
    /// Our address for the channel's webhooks. Some providers must be told it with each message.
    /// Nil if this platform does not know its own address.
    package var webhookURL: String?

    package init(
        baseURL: String,
        token: String,
        channelID: String,
        accountID: String? = nil,
        apiVersion: String = "v26.0"
    ) {
        self.baseURL = URLPrefix(baseURL).text
        self.token = token
        self.channelID = channelID
        self.accountID = accountID
        self.apiVersion = apiVersion
    }

    /// The address of `segments` under the base; each segment is percent-encoded.
    func url(_ segments: String..., query: [(String, String)] = []) -> String {
        let path = segments.map { "/" + PercentEncoding.encode($0) }.joined()
        let pairs = query.map { "\(PercentEncoding.encode($0))=\(PercentEncoding.encode($1))" }
        return baseURL + path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }
}

extension ChannelAccess: CustomStringConvertible {
    /// Without the token.
    package var description: String { "\(baseURL) \(channelID)" }
}
