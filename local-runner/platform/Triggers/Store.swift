import EventLoop
import FunctionContract
import FunctionRuntime

/// The store: a function in its own process that keeps schedules, queues and stored invocations in
/// PostgreSQL.
///
/// The loop never waits for the database, and a runner without a database needs none of its
/// libraries.
final class Store {
    /// The store's reply as JSON, or the error.
    typealias Answer = Result<JSON, StoreError>

    private let host: FunctionHost
    private var ids = RequestIDs()

    init(_ definition: FunctionDefinition, on loop: EventLoop, console: Console) {
        host = FunctionHost(definition, on: loop, console: console)
    }

    var isEmpty: Bool { host.isEmpty }

    func onEmptied(_ action: @escaping () -> Void) { host.onEmptied = action }

    func call(
        _ method: String,
        _ path: String,
        _ body: JSON = .null,
        _ completion: @escaping (Answer) -> Void
    ) {
        let call = Call(Self.event(method, path, body), requestID: ids.next()) {
            completion(Self.answer($0))
        }
        host.submit(call)
    }

    func tick() { host.tick() }
    func drain() { host.drain() }
    func killAll() { host.killAll() }

    static func event(_ method: String, _ path: String, _ body: JSON) -> Event {
        let now = Timestamp.now
        let parts = path.split(separator: "?", maxSplits: 1)
        var event = HTTPEvent()
        event.rawPath = String(parts[0])
        event.rawQueryString = parts.count > 1 ? String(parts[1]) : ""
        event.requestContext.http.method = method
        event.requestContext.http.path = event.rawPath
        event.requestContext.time = now
        if !body.isNull { event.body = body.bytes }
        return .http(event)
    }

    static func answer(_ outcome: Call.Outcome) -> Answer {
        switch outcome {
        case .reply(.http(let reply)):
            let json = (try? JSONParser.parse(reply.body)) ?? .null
            guard reply.statusCode >= 400 else { return .success(json) }
            let message = json["error"]?["message"]?.string ?? "status \(reply.statusCode)"
            return .failure(StoreError(message: message, isOurs: reply.statusCode < 500))
        case .reply(.failure(let failure)):
            return .failure(StoreError(message: failure.message, isOurs: false))
        case .reply(.batch): return .success(.null)
        case .refused: return .failure(StoreError(message: "the store is busy", isOurs: false))
        case .failed(_, let problem):
            return .failure(StoreError(message: "the store: \(problem)", isOurs: false))
        }
    }

    /// The purpose of a store process. It gets only the environment variables that this purpose
    /// needs.
    enum Purpose {
        case serving
        /// Connects as the owner of the tables.
        case migrating(minutes: Int)
        /// Gets the master keys for the secrets of channels.
        case connecting
        /// Has the time to write the audience of a campaign.
        case ordering

        fileprivate var timeoutSeconds: Int {
            switch self {
            case .serving, .connecting: 15
            case .ordering: 300
            case .migrating(let minutes): minutes * 60
            }
        }

        fileprivate var variables: [String] {
            switch self {
            case .serving, .ordering: ["DATABASE_URL"]
            case .migrating: ["DATABASE_URL", "DATABASE_OWNER_URL?", "RELAIS_MIGRATIONS?"]
            case .connecting: ["DATABASE_URL", "RELAIS_MASTER_KEYS?", "RELAIS_ALLOWED_NETWORKS?"]
            }
        }
    }

    /// The definition of the store's function. Its manifest is built here, because it has no folder
    /// under `functions`.
    static func definition(
        _ source: Catalog.Source,
        for purpose: Purpose = .serving
    ) throws(UsageError) -> FunctionDefinition {
        guard source.environment["DATABASE_URL"]?.isEmpty == false else {
            throw UsageError(
                "DATABASE_URL is not set; infra/runner sets what infra/up uses, and infra/database"
                    + " url prints that of the embedded server"
            )
        }
        let manifest: Manifest
        do {
            manifest = try Self.manifest(for: purpose)
        } catch {
            throw UsageError(error.description)
        }
        return try FunctionDefinition(
            manifest,
            folder: ".",
            binaries: source.binaries,
            environment: source.environment
        )
    }

    static func manifest(for purpose: Purpose) throws(ManifestError) -> Manifest {
        let text: JSON = [
            "description": "Keeps schedules, queues and stored invocations in PostgreSQL.",
            "triggers": [["http": ["method": "ANY", "path": "/{path+}"]]],
            "concurrency": ["max": 2, "prewarmed": 1],
            "environment": .array(purpose.variables.map { .string($0) }),
        ]
        var manifest = try Manifest(text.bytes, name: programName, file: programName)
        // Set after validation, because a migration may exceed the limit for functions.
        manifest.timeoutSeconds = purpose.timeoutSeconds
        return manifest
    }

    static let programName = "local-runner-store"
}

/// Why a request to the store failed.
struct StoreError: Error, Equatable {
    let message: String
    /// The request itself is invalid, so a retry cannot succeed.
    let isOurs: Bool
}
