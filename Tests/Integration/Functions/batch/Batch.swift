import FunctionContract
import FunctionRuntime

/// Answers schedules and queues, and has no HTTP face of its own.
@main struct Batch {
    static func main() { serve(schedule: sweep, queue: work) }
}

/// As many as the planned instant has milliseconds: the caller sees which one it was.
private func sweep(_ event: ScheduleEvent, _ context: Context) -> BatchReply {
    context.log.info("schedule", JSONObject([("name", .string(event.name))]))
    return BatchReply(processed: Int(event.instant.milliseconds))
}

/// As many as there are letters in the queue's name, and what `data.remaining` says is left.
private func work(_ event: QueueEvent, _ context: Context) throws -> BatchReply {
    if event.queue == "broken" { throw Rejection.badRequest("no such queue") }
    let remaining = event.data["remaining"]?.integer ?? 0
    return BatchReply(
        processed: event.queue.count,
        remaining: remaining,
        wake: remaining > 0 ? [event.queue] : []
    )
}
