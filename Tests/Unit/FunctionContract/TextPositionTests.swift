import Testing

@testable import FunctionContract

@Suite struct TextPositionTests {
    @Test(arguments: [
        ("", 0, 1, 1), ("abc", 0, 1, 1), ("abc", 2, 1, 3), ("abc", 3, 1, 4), ("a\nb", 1, 1, 2),
        ("a\nb", 2, 2, 1), ("a\n\nb", 3, 3, 1), ("a\r\nb", 3, 2, 1), ("a\n", 2, 2, 1),
        ("é€😀x", 9, 1, 4),
    ])
    func countsAsEditorsDo(text: String, offset: Int, line: Int, column: Int) {
        let position = TextPosition(ofByteAt: offset, in: Array(text.utf8))
        #expect(position.description == "line \(line), column \(column)")
    }
}
