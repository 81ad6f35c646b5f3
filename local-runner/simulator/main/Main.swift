import ProviderSimulator

@main struct Main {
    static func main() { runProviderSimulator() }
}
