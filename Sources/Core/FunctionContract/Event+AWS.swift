// What AWS itself sends to a function that is started by a clock or a queue rather than by HTTP.

extension CloudEvent {
    /// An EventBridge schedule as the schedule event that it stands for.
    init?(eventBridge json: JSON) {
        guard json["detail-type"]?.string?.lowercased() == "scheduled event",
            let id = json["id"]?.string, let time = json["time"]?.string
        else { return nil }
        self.init(id: id, source: "aws.events", type: Self.scheduleFired)
        let rule = json["resources"]?[0]?.string?.split(separator: "/").last
        subject = rule.map(String.init)
        self.time = Timestamp(rfc3339: time)
    }

    /// A batch of SQS messages as the hint it is: the work itself stands in the database.
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
