import Database
import Glibc

/// What `bench` runs over the modules `Database` and `Work`, against `DATABASE_URL`:
///
///     bench-work migrate <folder>
///     bench-work drain <queue> <batch>
///     bench-work work <queue> <milliseconds>
///     bench-work take <bucket> <tokens> <from> <until>
///
/// `work` goes on until it is ended. `drain` and `take` print what they did and when, as one line of JSON.
@main struct BenchWork {
    static func main() {
        do {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            print("bench-work: \(error)")
            exit(1)
        }
    }

    private static func run(_ arguments: [String]) throws {
        guard let url = unsafe getenv("DATABASE_URL") else {
            preconditionFailure("bench-work needs DATABASE_URL")
        }
        let connection = Connection(unsafe String(cString: url))
        switch (arguments.first, arguments.count) {
        case ("migrate", 2):
            try Migrations(folder: arguments[1]).apply(on: connection)
        case ("drain", 3):
            let drain = Drain(queue: arguments[1], batch: number(arguments[2]))
            print(try drain.run(on: connection))
        case ("work", 3):
            try Labour(queue: arguments[1], milliseconds: number(arguments[2])).run(on: connection)
        case ("take", 5):
            let take = Take(
                bucket: arguments[1],
                tokens: number(arguments[2]),
                from: number(arguments[3]),
                until: number(arguments[4])
            )
            print(try take.run(on: connection))
        default: preconditionFailure("bench-work migrate | drain | work | take")
        }
    }

    private static func number<Number: LosslessStringConvertible>(_ text: String) -> Number {
        guard let number = Number(text) else { preconditionFailure("\(text) is not a number") }
        return number
    }
}
