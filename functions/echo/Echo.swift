import FunctionContract
import FunctionRuntime

@main struct Echo {
    static func main() { serve([.everywhere(echo)], manifest: PackageResources.function_json) }
}

/// Replies with the event as the function received it.
func echo(_ event: HTTPEvent, _ context: Context) -> HTTPReply {
    HTTPReply(headers: ["content-type": "application/json"], body: Event.http(event).bytes)
}
