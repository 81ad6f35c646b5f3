import LocalRunner

@main struct Main {
    static func main() { runLocalRunner() }
}
