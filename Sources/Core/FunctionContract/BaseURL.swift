/// A URL in front of paths, such as `https://relais.example.org`. It is taken as configured: with a
/// slash at its end or without.
package struct BaseURL: Hashable, Sendable {
    /// Without a slash at the end.
    package let text: String

    package init(_ text: String) {
        var end = text[...]
        while end.last == "/" { end.removeLast() }
        self.text = String(end)
    }

    /// The URL of a path, which begins with a slash.
    package func url(_ path: String) -> String { text + path }
}
