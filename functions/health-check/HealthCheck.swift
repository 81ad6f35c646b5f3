import FunctionContract
import FunctionRuntime
import Insight

@main struct HealthCheck {
    static func main() {
        serve(
            [Route(.get, "/api/health", answer)],
            starting: { HealthWatch($0.variables) },
            schedule: watch,
            manifest: PackageResources.function_json
        )
    }
}

/// This endpoint is public, so the answer is one word. Operators use `/_status` of the runner.
func answer(_ event: HTTPEvent, _ context: Context, _ watch: inout HealthWatch) -> HTTPReply {
    let works = watch.works(now: context.now, within: context.remaining)
    return .json(["status": works ? "ok" : "down"], status: works ? 200 : 503)
}

/// Logs each problem as a warning, for alerts to find.
func watch(_ event: ScheduleEvent, _ context: Context, _ watch: inout HealthWatch) -> BatchReply {
    let report = watch.report(within: context.remaining)
    for complaint in report.complaints { context.log.warning(complaint) }
    return BatchReply(processed: report.complaints.count)
}
