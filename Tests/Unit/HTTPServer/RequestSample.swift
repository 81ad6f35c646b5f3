import Testing

@testable import HTTPServer

/// Bytes, and the requests they are.
struct RequestSample: CustomTestStringConvertible {
    let testDescription: String
    let text: String
    let requests: [HTTPRequest]

    static let all = [
        RequestSample(
            testDescription: "plain",
            text: "GET /a?b=c HTTP/1.1\r\nHost: example.org\r\nX-Empty:\r\nX-Two: a  b \t\r\n\r\n",
            requests: [
                request("GET", "/a?b=c", ["host": "example.org", "x-empty": "", "x-two": "a  b"])
            ]
        ),
        RequestSample(
            testDescription: "body",
            text: "POST /p HTTP/1.1\r\nHOST: a\r\nContent-Length: 5\r\n\r\nhello",
            requests: [request("POST", "/p", ["host": "a", "content-length": "5"], "hello")]
        ),
        RequestSample(
            testDescription: "chunked",
            text: "PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "3;x=y\r\nabc\r\n0A\r\n0123456789\r\n0\r\nTrailer: dropped\r\nHost: b\r\n\r\n",
            requests: [
                request(
                    "PUT",
                    "/c",
                    ["host": "a", "transfer-encoding": "Chunked"],
                    "abc0123456789"
                )
            ]
        ),
        RequestSample(
            testDescription: "pipelined",
            text: "\r\n\r\nGET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
                + "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi\r\n"
                + "DELETE /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            requests: [
                request("GET", "/1", ["host": "a"]),
                request("POST", "/2", ["host": "a", "content-length": "2"], "hi"),
                request("DELETE", "/3", ["host": "a", "connection": "close"], keepsAlive: false),
            ]
        ),
        RequestSample(
            testDescription: "upgrade that is ignored",
            text: "GET /w HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                + "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            requests: [
                request(
                    "GET",
                    "/w",
                    ["host": "a", "connection": "Upgrade", "upgrade": "websocket"]
                ),
                request("OPTIONS", "*", ["host": "a"]),
            ]
        ),
        RequestSample(
            testDescription: "upgrade with a body",
            text: "POST /w HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"
                + "Content-Length: 2\r\n\r\nhiGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            requests: [
                request(
                    "POST",
                    "/w",
                    [
                        "host": "a", "connection": "Upgrade", "upgrade": "h2c",
                        "content-length": "2",
                    ],
                    "hi"
                ),
                request("GET", "/", ["host": "a"]),
            ]
        ),
        RequestSample(
            testDescription: "HTTP/1.0",
            text: "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n",
            requests: [
                request("GET", "/", ["connection": "keep-alive"], isHTTP10: true),
                request("GET", "/", [:], keepsAlive: false, isHTTP10: true),
            ]
        ),
        RequestSample(
            testDescription: "unusual but allowed",
            text: "M-SEARCH http://h:1/%C3%A9?x?y HTTP/1.1\r\n"
                + "Host: [::1]:80\r\n_.~a: \u{E9}\r\n\r\n",
            requests: [
                request(
                    "M-SEARCH",
                    "http://h:1/%C3%A9?x?y",
                    ["host": "h:1", "_.~a": "\u{E9}"]
                )
            ]
        ),
    ]
}

private func request(
    _ method: String,
    _ target: String,
    _ headers: HTTPHeaders,
    _ body: String = "",
    keepsAlive: Bool = true,
    isHTTP10: Bool = false
) -> HTTPRequest {
    HTTPRequest(
        method: method,
        target: target,
        headers: headers,
        body: Array(body.utf8),
        keepsAlive: keepsAlive,
        isHTTP10: isHTTP10,
        peer: nil
    )
}
