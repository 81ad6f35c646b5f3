import FunctionContract
import HTTPServer
import Providers
import Testing

@testable import ProviderSimulator

@Suite struct MetaTests {
    @Test(arguments: [
        (#"{}"#, "messaging_product"), (#"{"messaging_product":"whatsapp"}"#, "to"),
        (#"{"messaging_product":"whatsapp","to":"+1"}"#, "text"),
        (#"{"messaging_product":"whatsapp","to":"+1","type":"text","text":{}}"#, "text.body"),
        (
            #"{"messaging_product":"whatsapp","to":"+1","type":"image","image":{}}"#,
            "image.id or link"
        ),
        (
            #"{"messaging_product":"whatsapp","to":"+1","type":"template","template":{}}"#,
            "template.name"
        ),
        (
            #"""
            {"messaging_product":"whatsapp","to":"+1","type":"template","template":{"name":"a"}}
            """#,
            "template.language"
        ),
    ])
    func namesWhatIsMissing(json: String, name: String) throws {
        #expect(try send(json).refusal == .missing(name))
    }

    @Test(arguments: [
        (#""type":"fax","fax":{}"#, "type"),
        (#""type":"text","text":{"body":"\#(String(repeating: "x", count: 4097))"}"#, "text.body"),
        (
            #""type":"text","text":{"body":"x"},"biz_opaque_callback_data":"\#(long)""#,
            "biz_opaque_callback_data"
        ),
        (
            #""type":"interactive","interactive":{"type":"button","body":{"text":"?"},"action":{}}"#,
            "interactive.action.buttons"
        ),
        (
            #""type":"interactive","interactive":{"type":"list","body":{"text":"?"},"action":{}}"#,
            "interactive.action.sections"
        ),
    ])
    func namesWhatIsNotAllowed(rest: String, name: String) throws {
        let action = try send(#"{"messaging_product":"whatsapp","to":"+1",\#(rest)}"#)
        guard case .invalid(name, _) = try #require(action.refusal) else { throw Unexpected() }
    }

    @Test func takesATextOfTheGreatestLength() throws {
        let text = String(repeating: "é", count: 4096)
        let json = #"{"messaging_product":"whatsapp","to":"1","text":{"body":"\#(text)"}}"#
        #expect(try send(json).send?.recipient == "+1")
    }

    @Test func answersWhatIsNoMessage() throws {
        #expect(try send("nonsense").answer?.json["error"]?["code"] == 100)
        let read = #"{"messaging_product":"whatsapp","status":"read","message_id":"w"}"#
        #expect(try send(read).answer?.json == ["success": true])
        var stage = try Stage()
        let call = Call("GET", "/v26.0/1/nothing", headers: ["authorization": "Bearer t"])
        #expect(call.playing(in: &stage.world).answer?.status == 400)
    }

    @Test func reviewsTemplatesBeforeTheyCanBeSent() throws {
        var stage = try Stage(#"{"templates": {"review": 50, "strict": true}}"#)
        let definition = TemplateDefinition(
            name: "promo",
            language: "fr",
            category: .marketing,
            components: [["type": "BODY", "text": "Bonjour {{1}} !"]]
        )
        #expect(try use("promo", ["Ama"], &stage) == .templateMissing("promo"))
        let reply = try #require(try stage.perform(.createTemplate(definition), .meta).reply)
        let created = try #require(Meta.createdTemplate(in: reply))
        #expect(created.status == "PENDING" && created.category == "MARKETING")
        let plan = try #require(stage.world.planned.first)
        #expect(plan.delay == 50)
        guard case .template(_, "APPROVED", nil) = plan.1.news else { throw Unexpected() }
        #expect(try use("promo", ["Ama"], &stage) == .templateMissing("promo"))
        stage.world.templates.update(created.id) { $0.status = "APPROVED" }
        #expect(try use("promo", ["Ama"], &stage) == nil)
        #expect(try use("promo", [], &stage) == .templateParameters(expected: 1, found: 0))
        let twice = try stage.perform(.createTemplate(definition), .meta).answer
        #expect(twice?.json["error"]?["error_subcode"] == 2_388_024)
    }

    @Test func rejectsTheShareOfTemplatesThatTheScenarioSays() throws {
        var stage = try Stage(#"{"templates": {"rejectShare": 1}}"#)
        let definition = TemplateDefinition(
            name: "promo",
            language: "fr",
            category: .utility,
            components: [["type": "BODY", "text": "Bonjour"]]
        )
        _ = try stage.perform(.createTemplate(definition), .meta)
        guard case .template(_, "REJECTED", "INVALID_FORMAT") = stage.world.planned.first?.1.news
        else { throw Unexpected() }
    }

    @Test func listsTemplatesPageByPageAndDeletesThem() throws {
        var stage = try Stage()
        for place in 0..<150 {
            let definition = TemplateDefinition(
                name: "t\(place)",
                language: "fr",
                category: .utility,
                components: [["type": "BODY", "text": "Bonjour"]]
            )
            _ = try stage.perform(.createTemplate(definition), .meta)
        }
        let first = try page(after: nil, &stage)
        #expect(first.templates.count == 100 && first.next != nil)
        let second = try page(after: first.next, &stage)
        #expect(second.templates.count == 50 && second.next == nil)
        #expect(second.templates.last?.name == "t149")
        #expect(try stage.perform(.deleteTemplate(name: "t0"), .meta).answer?.status == 200)
        #expect(try stage.perform(.deleteTemplate(name: "t0"), .meta).answer?.status == 400)
        #expect(try page(after: nil, &stage).templates.first?.name == "t1")
    }

    @Test func keepsTheHistoryOfMessages() throws {
        var stage = try Stage()
        let message = OutboundMessage(to: .phone("+22890123456"), .text("Bonjour"))
        let send = try #require(try stage.perform(.send(message), .meta).send)
        let sent = stage.accept(send).message
        stage.world.messages.add(.init(status: .delivered, at: stage.now), to: sent.id)
        let operation = ProviderOperation.lookUpMessage(id: sent.id, contact: nil)
        let reply = try #require(try stage.perform(operation, .meta).reply)
        guard case .found(let updates) = Provider.meta.lookup(of: .reply(reply), now: stage.now)
        else { throw Unexpected() }
        #expect(updates.map(\.status) == [.accepted, .delivered])
        let unknown = ProviderOperation.lookUpMessage(id: "wamid.x", contact: nil)
        let nothing = try #require(try stage.perform(unknown, .meta).reply)
        #expect(Provider.meta.lookup(of: .reply(nothing), now: stage.now) == .notFound)
    }

    @Test func keepsFilesThatAreUploaded() throws {
        var stage = try Stage()
        let form = """
            --b1\r\nContent-Disposition: form-data; name="messaging_product"\r\n\r\nwhatsapp\r
            --b1\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r
            Content-Type: image/png\r\n\r\n\u{1}--b\r\n\u{2}\r\n--b1--\r\n
            """
        let upload = Call(
            "POST",
            "/v26.0/106/media",
            headers: [
                "authorization": "Bearer t", "content-type": "multipart/form-data; boundary=b1",
            ],
            body: Array(form.utf8)
        )
        let answer = try #require(upload.playing(in: &stage.world).answer)
        let id = try #require(answer.json["id"]?.string)
        let reply = try #require(try stage.perform(.mediaAddress(id: id), .meta).reply)
        let media = try #require(Meta.mediaAddress(in: reply))
        #expect(media.mimeType == "image/png" && media.byteCount == 7)
        let url = try #require(media.url)
        let file = try stage.perform(.downloadMedia(.url(url)), .meta).answer
        #expect(file?.body == Array("\u{1}--b\r\n\u{2}".utf8))
        #expect(file?.headers["content-type"] == "image/png")
    }

    @Test(arguments: ["", "multipart/form-data", "multipart/form-data; boundary=zz"])
    func refusesAnUploadThatIsNoForm(type: String) throws {
        #expect(MultipartForm(Array("--b1\r\n\r\n--b1--".utf8), type: type) == nil)
    }

    private func send(_ json: String) throws -> Action {
        var stage = try Stage()
        let call = Call(
            "POST",
            "/v26.0/106/messages",
            headers: ["authorization": "Bearer t"],
            body: Array(json.utf8)
        )
        return call.playing(in: &stage.world)
    }

    private func use(
        _ name: String,
        _ values: [String],
        _ stage: inout Stage
    ) throws -> Refusal? {
        let body = values.map { TemplateMessage.Parameter($0) }
        let template = TemplateMessage(name: name, language: "fr", body: body)
        let message = OutboundMessage(to: .phone("+22890123456"), .template(template))
        return try stage.perform(.send(message), .meta).refusal
    }

    private func page(after cursor: String?, _ stage: inout Stage) throws -> TemplatePage {
        let reply = try #require(try stage.perform(.listTemplates(after: cursor), .meta).reply)
        return try #require(Meta.templates(in: reply))
    }
}

private let long = String(repeating: "x", count: 513)
