/// The part of a URL before a path, such as `https://relais.example.org`. It may be configured with
/// a slash at its end.
package struct URLPrefix: Hashable, Sendable {
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
