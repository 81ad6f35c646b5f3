package import FunctionContract

/// The handler for one method and path, such as `GET /l/{token}`.
package struct Route<State> {
    package typealias Answer = (HTTPEvent, Context, inout State) throws -> HTTPReply
    /// Answers a batch of requests with the same number of replies, in the same order.
    package typealias AnswerTogether = ([HTTPCall], inout State) throws -> [HTTPReply]

    enum Handler {
        case single(Answer)
        case together(AnswerTogether)
    }

    /// Nil matches every method and path.
    let pattern: RoutePattern?
    let handler: Handler

    /// Traps when `path` is not a valid route, which is a programming error.
    package init(_ method: RoutePattern.Method, _ path: String, _ answer: @escaping Answer) {
        pattern = Self.pattern(method, path)
        handler = .single(answer)
    }

    /// A batching route, for work that is cheaper together, such as rows of one statement. Hosts
    /// without batches pass one call at a time. See `concurrency.batch` in the manifest.
    package init(
        _ method: RoutePattern.Method,
        _ path: String,
        together answer: @escaping AnswerTogether
    ) {
        pattern = Self.pattern(method, path)
        handler = .together(answer)
    }

    /// Answers every request, whatever its method and path.
    package static func everywhere(_ answer: @escaping Answer) -> Route {
        Route(pattern: nil, handler: .single(answer))
    }

    private init(pattern: RoutePattern?, handler: Handler) {
        self.pattern = pattern
        self.handler = handler
    }

    private static func pattern(_ method: RoutePattern.Method, _ path: String) -> RoutePattern {
        do {
            return try RoutePattern(method, path)
        } catch {
            preconditionFailure("\(method.rawValue) \(path): \(error.message)")
        }
    }
}

// MARK: - Without a state

extension Route where State == Void {
    package typealias StatelessAnswer = (HTTPEvent, Context) throws -> HTTPReply

    package init(
        _ method: RoutePattern.Method,
        _ path: String,
        _ answer: @escaping StatelessAnswer
    ) {
        self.init(method, path) { event, context, _ in try answer(event, context) }
    }

    package static func everywhere(_ answer: @escaping StatelessAnswer) -> Route {
        everywhere { event, context, _ in try answer(event, context) }
    }
}

extension Route {
    /// The same route, with its state captured.
    func keeping(_ state: Kept<State>) -> Route<Void> {
        switch handler {
        case .single(let answer):
            Route<Void>(
                pattern: pattern,
                handler: .single { event, context, _ in try answer(event, context, &state.value) }
            )
        case .together(let answer):
            Route<Void>(
                pattern: pattern,
                handler: .together { calls, _ in try answer(calls, &state.value) }
            )
        }
    }
}

/// State that a function prepared once and keeps between events.
final class Kept<Value> {
    var value: Value

    init(_ value: Value) {
        self.value = value
    }
}
