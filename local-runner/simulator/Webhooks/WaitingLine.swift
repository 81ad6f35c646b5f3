/// A first-in, first-out queue with constant cost per element.
struct WaitingLine<Element> {
    private var elements: [Element?] = []
    private var served = 0

    var count: Int { elements.count - served }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func next() -> Element? {
        guard served < elements.count else { return nil }
        let element = elements[served]
        elements[served] = nil
        served += 1
        // The used part is removed once it is most of the array.
        if served * 2 > elements.count {
            elements.removeFirst(served)
            served = 0
        }
        return element
    }
}
