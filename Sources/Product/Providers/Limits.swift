// The providers' maximum sizes. We check them here because our error can name the field. The
// provider's check would cost a request and explain less.

extension String {
    /// This text, if it is not blank and has at most `limit` code points. Providers count code
    /// points.
    func checked(_ field: String, atMost limit: Int) throws(ProviderError) -> String {
        guard contains(where: { !$0.isWhitespace }) else {
            throw .invalid(field: field, reason: "it is empty")
        }
        let count = unicodeScalars.count
        if count > limit { throw .exceeds(field: field, count: count, limit: limit) }
        return self
    }
}

extension String {
    /// This text as an id that the provider returns unchanged: WhatsApp refuses space around an id.
    func checkedID(_ field: String, atMost limit: Int) throws(ProviderError) -> String {
        if first?.isWhitespace == true || last?.isWhitespace == true {
            throw .invalid(field: field, reason: "it begins or ends with a space")
        }
        return try checked(field, atMost: limit)
    }
}

extension String? {
    func checked(_ field: String, atMost limit: Int) throws(ProviderError) -> String? {
        guard let self else { return nil }
        return try self.checked(field, atMost: limit)
    }
}

extension Array {
    /// These elements, if there is at least one and at most `limit`.
    func checked(_ field: String, atMost limit: Int) throws(ProviderError) -> [Element] {
        if isEmpty { throw .invalid(field: field, reason: "there must be at least one") }
        if count > limit { throw .exceeds(field: field, count: count, limit: limit) }
        return self
    }
}

/// WhatsApp's own limits, which apply to every provider.
enum MessageLimits {
    static let text = 4096
    static let caption = 1024
    static let interactiveBody = 1024
    static let interactiveHeader = 60
    static let footer = 60
    static let buttons = 3
    static let buttonTitle = 20
    static let buttonID = 256
    static let listButton = 20
    static let sections = 10
    static let sectionTitle = 24
    static let rows = 10
    static let rowTitle = 24
    static let rowID = 200
    static let rowDetail = 72
    static let reference = 512
    static let templateButton = 2000
    static let emoji = 16
    static let url = 2048
}

extension ButtonMessage {
    func checked() throws(ProviderError) -> ButtonMessage {
        _ = try header.checked("header", atMost: MessageLimits.interactiveHeader)
        _ = try body.checked("body", atMost: MessageLimits.interactiveBody)
        _ = try footer.checked("footer", atMost: MessageLimits.footer)
        for button in try buttons.checked("buttons", atMost: MessageLimits.buttons) {
            _ = try button.title.checked("button title", atMost: MessageLimits.buttonTitle)
            _ = try button.id.checkedID("button id", atMost: MessageLimits.buttonID)
        }
        if Set(buttons.map(\.id)).count < buttons.count {
            throw .invalid(field: "buttons", reason: "two have the same id")
        }
        if Set(buttons.map(\.title)).count < buttons.count {
            throw .invalid(field: "buttons", reason: "two have the same title")
        }
        return self
    }
}

extension ListMessage {
    func checked() throws(ProviderError) -> ListMessage {
        _ = try header.checked("header", atMost: MessageLimits.interactiveHeader)
        _ = try body.checked("body", atMost: MessageLimits.text)
        _ = try footer.checked("footer", atMost: MessageLimits.footer)
        _ = try button.checked("menu button", atMost: MessageLimits.listButton)
        for section in try sections.checked("sections", atMost: MessageLimits.sections) {
            _ = try section.title.checked("section title", atMost: MessageLimits.sectionTitle)
            if section.title == nil, sections.count > 1 {
                throw .invalid(
                    field: "sections",
                    reason: "each needs a title when there are several"
                )
            }
            if section.rows.isEmpty {
                throw .invalid(field: "sections", reason: "each needs at least one row")
            }
        }
        let rows = try sections.flatMap(\.rows).checked("rows", atMost: MessageLimits.rows)
        for row in rows {
            _ = try row.title.checked("row title", atMost: MessageLimits.rowTitle)
            _ = try row.id.checkedID("row id", atMost: MessageLimits.rowID)
            _ = try row.detail.checked("row description", atMost: MessageLimits.rowDetail)
        }
        if Set(rows.map(\.id)).count < rows.count {
            throw .invalid(field: "rows", reason: "two have the same id")
        }
        return self
    }
}

extension OutboundMedia {
    func checked() throws(ProviderError) -> OutboundMedia {
        _ = try caption.checked("caption", atMost: MessageLimits.caption)
        if caption != nil, kind == .audio || kind == .sticker {
            throw .invalid(field: "caption", reason: "\(kind.rawValue) has none")
        }
        return try checkedSource()
    }

    /// This file as the header of a template: an image, a video or a document, without a caption.
    func checkedHeader() throws(ProviderError) -> OutboundMedia {
        switch kind {
        case .image, .video, .document: break
        case .audio, .sticker:
            throw .invalid(field: "template header", reason: "\(kind.rawValue) cannot stand there")
        }
        if caption != nil { throw .invalid(field: "template header", reason: "it has no caption") }
        return try checkedSource()
    }

    private func checkedSource() throws(ProviderError) -> OutboundMedia {
        switch source {
        case .id(let id): _ = try id.checked("media id", atMost: MessageLimits.buttonID)
        case .link(let link):
            _ = try link.checked("media link", atMost: MessageLimits.url)
            guard link.hasPrefix("https://") || link.hasPrefix("http://") else {
                throw .invalid(field: "media link", reason: "it is no http(s) address")
            }
        }
        return self
    }
}
