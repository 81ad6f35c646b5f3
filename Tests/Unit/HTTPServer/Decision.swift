@testable import HTTPServer

/// What a parser made of some bytes.
enum Decision: Equatable {
    case request(HTTPRequest)
    case failed(RequestFailure)

    var status: Int? {
        guard case .failed(let failure) = self else { return nil }
        return failure.status
    }
}

/// Feeds the pieces to a new parser, and collects requests up to the first failure.
func decisions(
    on pieces: [[UInt8]],
    _ limits: HTTPServerLimits = HTTPServerLimits()
) -> [Decision] {
    let parser = RequestParser(limits: limits, peer: nil)
    var decisions: [Decision] = []
    for piece in pieces {
        var offset = 0
        while offset < piece.count {
            switch parser.parse(piece.span, from: &offset) {
            case .needsMore, .bodyFollows: continue
            case .request(let request): decisions.append(.request(request))
            case .failed(let failure): return decisions + [.failed(failure)]
            }
        }
    }
    return decisions
}

func decisions(
    on text: String,
    _ limits: HTTPServerLimits = HTTPServerLimits()
) -> [Decision] {
    decisions(on: [Array(text.utf8)], limits)
}
