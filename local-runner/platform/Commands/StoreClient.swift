import EventLoop
import FunctionContract
import FunctionRuntime

/// Sends one request to the store and waits for the answer. Commands have nothing else to do
/// meanwhile.
struct StoreClient {
    private let source: Catalog.Source
    private let environment: Environment

    init(_ arguments: Arguments, _ environment: Environment) {
        source = Catalog.Source(arguments, environment)
        self.environment = environment
    }

    func ask(
        _ method: String,
        _ path: String,
        _ body: JSON = .null,
        for purpose: Store.Purpose = .serving
    ) throws -> JSON {
        let definition = try Store.definition(source, for: purpose)
        let event = Store.event(method, path, body)
        let console = Console(style: .detect(environment), level: .error)
        let outcome = try Command.call(definition, event, console)
        console.finish()
        switch outcome.map(Store.answer) {
        case .success(let json): return json
        case .failure(let error): throw CommandFailure(error.message)
        case nil: throw CommandFailure("the store did not answer; its message is above")
        }
    }
}

/// The failure of a command that was called correctly: one sentence, exit code 1.
struct CommandFailure: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Rows for a terminal. Each column is as wide as its widest cell.
struct Table {
    private var rows: [[String]]

    init(_ header: [String]) {
        rows = [header]
    }

    mutating func add(_ cells: [String]) {
        rows.append(cells)
    }

    var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }
}
