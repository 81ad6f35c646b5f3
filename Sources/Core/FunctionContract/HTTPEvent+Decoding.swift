extension HTTPEvent {
    /// Reads payload 2.0. Members that AWS always sends may be missing, so that a handwritten event
    /// needs only a method and a path. Members that are present must have the right type.
    package init(json: JSON) throws(ContractError) {
        let members = Members(json, of: "event")
        if let version = try members.string("version"), version != "2.0" {
            throw ContractError("event.version: expected \"2.0\", found \"\(version)\"")
        }
        routeKey = try members.string("routeKey") ?? "$default"
        rawPath = try members.string("rawPath") ?? "/"
        rawQueryString = try members.string("rawQueryString") ?? ""
        headers = HTTPFields(
            try members.pairs("headers").map { (name: $0.name.lowercased(), value: $0.value) }
        )
        cookies = try members.strings("cookies")
        queryStringParameters = try members.map("queryStringParameters")
        pathParameters = try members.map("pathParameters")
        stageVariables = try members.map("stageVariables")
        requestContext = try RequestContext(members.members("requestContext"), rawPath: rawPath)
        body = try Self.body(members)
        deadline = try members.integer("deadlinems").map { Timestamp(milliseconds: Int64($0)) }
        if queryStringParameters.isEmpty, !rawQueryString.isEmpty {
            queryStringParameters = Self.parameters(ofQuery: rawQueryString)
        }
    }

    /// Parses a query string into percent-decoded parameters. Repeated names are joined by commas.
    package static func parameters(ofQuery query: String) -> [String: String] {
        var parameters: [String: String] = [:]
        for pair in query.split(separator: "&", omittingEmptySubsequences: true) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = PercentEncoding.decode(parts[0], plusIsSpace: true)
            let value = parts.count > 1 ? PercentEncoding.decode(parts[1], plusIsSpace: true) : ""
            parameters[name] = parameters[name].map { $0 + "," + value } ?? value
        }
        return parameters
    }

    private static func body(_ members: Members) throws(ContractError) -> [UInt8]? {
        guard let text = try members.string("body") else { return nil }
        guard try members.bool("isBase64Encoded") ?? false else { return Array(text.utf8) }
        guard let bytes = Base64.decode(text) else {
            throw ContractError("event.body: expected base64, because isBase64Encoded is true")
        }
        return bytes
    }
}

extension RequestContext {
    fileprivate init(_ members: Members, rawPath: String) throws(ContractError) {
        let http = try members.members("http")
        accountId = try members.string("accountId") ?? accountId
        apiId = try members.string("apiId") ?? apiId
        domainName = try members.string("domainName") ?? domainName
        domainPrefix = try members.string("domainPrefix") ?? domainPrefix
        stage = try members.string("stage") ?? stage
        requestId = try members.string("requestId") ?? requestId
        routeKey = try members.string("routeKey") ?? routeKey
        time = Timestamp(milliseconds: Int64(try members.integer("timeEpoch") ?? 0))
        authorizer = members["authorizer"]
        authentication = members["authentication"]
        self.http.method = try http.string("method") ?? self.http.method
        self.http.path = try http.string("path") ?? rawPath
        self.http.protocolVersion = try http.string("protocol") ?? self.http.protocolVersion
        self.http.sourceIp = try http.string("sourceIp") ?? self.http.sourceIp
        self.http.userAgent = try http.string("userAgent") ?? self.http.userAgent
    }
}
