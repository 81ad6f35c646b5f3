internal import FunctionContract

/// The routes of one function. A host may name the route in the event; otherwise the method and
/// path decide.
struct Routes {
    enum Found {
        /// The index of the route, and the event completed with the route's key and parameters.
        case route(Int, HTTPEvent)
        case refused(HTTPReply)
    }

    private let routes: [Route<Void>]
    private let table: RouteTable
    /// Route indices by the key that API Gateway and `local-runner` put into the event.
    private let places: [String: Int]
    private let everywhere: Int?

    init(_ routes: [Route<Void>]) {
        self.routes = routes
        table = RouteTable(
            routes.enumerated().compactMap { place, route in
                route.pattern.map { RouteTable.Route($0, target: place) }
            }
        )
        let keys = routes.enumerated().compactMap { place, route in
            route.pattern.map { ($0.key, place) }
        }
        places = Dictionary(uniqueKeysWithValues: keys)
        everywhere = routes.firstIndex { $0.pattern == nil }
    }

    var isEmpty: Bool { routes.isEmpty }

    var answersTogether: Bool {
        routes.contains { if case .together = $0.handler { true } else { false } }
    }

    subscript(place: Int) -> Route<Void>.Handler { routes[place].handler }

    func find(_ event: HTTPEvent) -> Found {
        if let place = places[event.routeKey], isComplete(event, at: place) {
            return .route(place, event)
        }
        let path = event.pathWithoutStage
        switch table.find(method: event.method, path: path) {
        case .found(let match):
            var event = event
            event.routeKey = match.route.pattern.key
            event.pathParameters.merge(match.parameters) { given, _ in given }
            return .route(match.route.target, event)
        case .wrongMethod(let allowed):
            if let everywhere { return .route(everywhere, event) }
            return .refused(.wrongMethod(event.method, at: path, allowed: allowed))
        case .notFound:
            if let everywhere { return .route(everywhere, event) }
            return .refused(.error(404, "not_found", "there is nothing at \(path)"))
        }
    }

    private func isComplete(_ event: HTTPEvent, at place: Int) -> Bool {
        routes[place].pattern?.parameterNames.allSatisfy { event.pathParameters[$0] != nil }
            ?? false
    }
}

extension HTTPEvent {
    /// The path without the stage name that API Gateway puts in front of it.
    fileprivate var pathWithoutStage: String {
        let stage = requestContext.stage
        guard stage != "$default", !stage.isEmpty, rawPath.hasPrefix("/\(stage)/") else {
            return rawPath
        }
        return String(rawPath.dropFirst(stage.count + 1))
    }
}
