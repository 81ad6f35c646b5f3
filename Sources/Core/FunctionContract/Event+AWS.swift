// The events that AWS sends for a clock or a queue, instead of an HTTP request.

extension CloudEvent {
    /// Turns an EventBridge schedule into a schedule event.
    init?(eventBridge json: JSON) {
        guard json["detail-type"]?.string?.lowercased() == "scheduled event",
            let id = json["id"]?.string, let time = json["time"]?.string
        else { return nil }
        self.init(id: id, source: "aws.events", type: Self.scheduleFired)
        let rule = json["resources"]?[0]?.string?.split(separator: "/").last
        subject = rule.map(String.init)
        self.time = Timestamp(rfc3339: time)
    }

    /// Turns a batch of SQS messages into a queue event. It is only a hint: the work is in the
    /// database.
    init?(sqs json: JSON) {
        guard let record = json["Records"]?[0], record["eventSource"]?.string == "aws:sqs",
            let id = record["messageId"]?.string, let arn = record["eventSourceARN"]?.string,
            let queue = arn.split(separator: ":").last
        else { return nil }
        self.init(id: id, source: arn, type: Self.queueReady)
        subject = String(queue)
        data = ["queue": .string(String(queue))]
    }
}
