import FunctionContract
import Testing

@Suite struct EventFromAWSTests {
    @Test func anEventBridgeScheduleIsAScheduleThatFired() throws {
        let event = try decode(
            #"""
            {"version": "0", "id": "b-1", "detail-type": "Scheduled Event", "source": "aws.events",
             "account": "123456789012", "time": "2026-03-12T19:03:00Z", "region": "eu-west-3",
             "resources": ["arn:aws:events:eu-west-3:123456789012:rule/nightly"], "detail": {}}
            """#
        )
        #expect(event.type == CloudEvent.scheduleFired)
        #expect(event.id == "b-1")
        #expect(event.source == "aws.events")
        #expect(event.subject == "nightly")
        #expect(event.time?.rfc3339 == "2026-03-12T19:03:00.000Z")
    }

    @Test func aBatchOfSQSIsAQueueThatIsReady() throws {
        let event = try decode(
            #"""
            {"Records": [
              {"messageId": "m-1", "receiptHandle": "r", "body": "{}", "eventSource": "aws:sqs",
               "attributes": {"ApproximateReceiveCount": "1"}, "messageAttributes": {}, "md5OfBody": "",
               "eventSourceARN": "arn:aws:sqs:eu-west-3:123456789012:send", "awsRegion": "eu-west-3"},
              {"messageId": "m-2", "eventSource": "aws:sqs"}
            ]}
            """#
        )
        #expect(event.type == CloudEvent.queueReady)
        #expect(event.id == "m-1")
        #expect(event.subject == "send")
        #expect(event.data == ["queue": "send"])
    }

    @Test(arguments: [
        #"{"detail-type":"Order Placed","id":"1","time":"2026-03-12T19:03:00Z"}"#,
        #"{"detail-type":1}"#,
        #"{"Records":[]}"#, #"{"Records":[{"eventSource":"aws:s3","messageId":"1"}]}"#,
        #"{"Records":{"eventSource":"aws:sqs"}}"#,
    ])
    func othersAreNoneOfBoth(text: String) throws {
        #expect(try Event.decode(Array(text.utf8)) == .http(HTTPEvent()))
    }

    private func decode(_ text: String) throws -> CloudEvent {
        guard case .cloud(let event) = try Event.decode(Array(text.utf8)) else {
            throw ContractError("expected a CloudEvent")
        }
        return event
    }
}
