/// Events in the shape in which AWS documents them.
enum AWSEvents {
    static let httpAPI = """
        {
          "version": "2.0",
          "routeKey": "POST /orders/{id}",
          "rawPath": "/orders/7",
          "rawQueryString": "parameter1=value1&parameter1=value2&parameter2=value",
          "cookies": ["cookie1=a", "cookie2=b"],
          "headers": {"content-type": "text/plain", "header1": "value1,value2"},
          "queryStringParameters": {"parameter1": "value1,value2", "parameter2": "value"},
          "pathParameters": {"id": "7"},
          "stageVariables": {"stageVariable1": "value1"},
          "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            "domainName": "id.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "id",
            "http": {
              "method": "POST",
              "path": "/orders/7",
              "protocol": "HTTP/1.1",
              "sourceIp": "192.0.2.1",
              "userAgent": "agent"
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "POST /orders/{id}",
            "stage": "$default",
            "time": "12/Mar/2020:19:03:58 +0000",
            "timeEpoch": 1584039838000,
            "authorizer": {"jwt": {"claims": {"claim1": "value1"}, "scopes": ["scope1"]}}
          },
          "body": "Hello from Lambda",
          "isBase64Encoded": false
        }
        """

    static let schedule = """
        {
          "version": "0",
          "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
          "detail-type": "Scheduled Event",
          "source": "aws.events",
          "account": "123456789012",
          "time": "1970-01-01T00:00:01.234Z",
          "region": "us-east-1",
          "resources": ["arn:aws:events:us-east-1:123456789012:rule/nightly-sweep"],
          "detail": {}
        }
        """

    static let queue = """
        {
          "Records": [
            {
              "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
              "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
              "body": "Test message.",
              "attributes": {"ApproximateReceiveCount": "1"},
              "messageAttributes": {},
              "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
              "eventSource": "aws:sqs",
              "eventSourceARN": "arn:aws:sqs:us-east-2:123456789012:send",
              "awsRegion": "us-east-2"
            }
          ]
        }
        """
}
