import Testing

@testable import FunctionContract

struct RedactionTests {
    private func hide(_ text: String) throws -> String {
        Redaction.event(try JSONParser.parse(Array(text.utf8))).text
    }

    @Test(arguments: [
        "authorization", "Authorization", "cookie", "set-cookie", "x-api-key",
        "X-Hub-Signature-256",
        "stripe-signature", "x-webhook-hmac", "x-auth-token", "proxy-authorization",
        "amz-access-key", "x-session-id", "password", "client_secret", "hub.verify_token",
    ])
    func hidesHeaders(_ name: String) throws {
        let hidden = try hide(#"{"headers":{"\#(name)":"Bearer abc.def.ghi","host":"x"}}"#)
        #expect(hidden == #"{"headers":{"\#(name)":"(hidden)","host":"x"}}"#)
    }

    @Test(arguments: [
        #"{"headers":{"content-type":"text/plain","user-agent":"curl"}}"#,
        #"{"rawQueryString":"page=2&limit=5","rawPath":"/api/contacts"}"#,
        #"{"key":{"remoteJid":"x","id":"3EB0"},"template":"hello","session":"default"}"#,
        #"{"usage":{"totalTokens":12},"body":"1 + 1 = 2"}"#, #""plain""#, "[1,null,true,1.5]",
    ])
    func showsTheRest(_ text: String) throws {
        #expect(try hide(text) == text)
    }

    @Test func hidesCookiesQueryAndAuthorizer() throws {
        let hidden = try hide(
            #"{"cookies":["a=1","refresh=abcdefghij"],"rawQueryString":"a=1&token=abcdefgh&b","#
                + #""queryStringParameters":{"a":"1","token":"abcdefgh"},"#
                + #""requestContext":{"authorizer":{"jwt":{"claims":{"sub":"me"}}}}}"#
        )
        #expect(
            hidden
                == #"{"cookies":["(hidden)","(hidden)"],"rawQueryString":"a=1&token=(hidden)&b","#
                + #""queryStringParameters":{"a":"1","token":"(hidden)"},"#
                + #""requestContext":{"authorizer":{"jwt":{"claims":{"sub":"(hidden)"}}}}}"#
        )
    }

    /// A stored event is text within JSON, and its body is text within that.
    @Test func looksIntoTextThatIsJSON() throws {
        let event: JSON = [
            "headers": ["authorization": "Bearer 0123456789"],
            "body": #"{"email":"a@b.c","password":"correct horse"}"#,
        ]
        let hidden = Redaction.event(["event": .string(event.text)]).text
        #expect(!hidden.contains("0123456789") && !hidden.contains("correct horse"))
        #expect(hidden.contains("a@b.c"))
    }

    @Test func looksIntoForms() throws {
        #expect(
            try hide(#"{"body":"grant=x&client%5Fsecret=abc&n=1"}"#)
                == #"{"body":"grant=x&client%5Fsecret=(hidden)&n=1"}"#
        )
    }

    @Test func aSecretIsHiddenWhereverItStands() throws {
        let hidden = try hide(
            #"{"pathParameters":{"token":"abcdefghij"},"rawPath":"/l/abcdefghij/x"}"#
        )
        #expect(hidden == #"{"pathParameters":{"token":"(hidden)"},"rawPath":"/l/(hidden)/x"}"#)
    }

    @Test func bytesAreHiddenAltogether() throws {
        #expect(
            try hide(#"{"body":"c2VjcmV0","isBase64Encoded":true}"#)
                == #"{"body":"(hidden)","isBase64Encoded":true}"#
        )
    }
}
