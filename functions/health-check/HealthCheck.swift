import FunctionContract
import FunctionRuntime
import Insight

@main struct HealthCheck {
    static func main() {
        serve(
            [Route(.get, "/api/health", answer)],
            starting: { HealthWatch($0.variables, now: Timestamp.now) },
            schedule: watch,
            manifest: PackageResources.function_json
        )
    }
}

/// What an operator asks first: which version, since when, what waits and what is out of reach.
func answer(_ event: HTTPEvent, _ context: Context, _ watch: inout HealthWatch) -> HTTPReply {
    let report = watch.report(now: context.now, within: context.remaining)
    return .json(report.json, status: report.isDown ? 503 : 200)
}

/// The same on a schedule: what is wrong is in the log, where alerts look.
func watch(_ event: ScheduleEvent, _ context: Context, _ watch: inout HealthWatch) -> BatchReply {
    let report = watch.report(now: context.now, within: context.remaining)
    for complaint in report.complaints { context.log.warning(complaint) }
    return BatchReply(processed: report.complaints.count)
}
