import AtomFormat
import EventModel

/// The names that our Atom documents use, as the root declares them.
enum AtomNames {
    /// The namespace of `ef:`.
    static let eventFeed = "urn:eventfeed:1"

    /// What every root declares, in this order.
    static let declarations: [(name: String, uri: String)] = [
        ("xmlns", AtomNamespaces.atom),
        ("xmlns:app", AtomNamespaces.publishing),
        ("xmlns:ef", eventFeed),
        ("xmlns:fh", AtomNamespaces.history),
    ]
}

extension XMLWriter {
    /// Begins a root with all namespace declarations.
    mutating func startRoot(_ name: String) throws(AtomError) {
        start(name)
        for declaration in AtomNames.declarations {
            try attribute(declaration.name, declaration.uri)
        }
    }

    /// Writes an element that has nothing but an instant.
    mutating func element(_ name: String, _ instant: Timestamp) throws(AtomError) {
        start(name)
        try text(utf8: instant.rfc3339)
        end()
    }

    /// Writes `author` on one line.
    mutating func author(_ name: String) throws(AtomError) {
        start("author")
        startInline("name")
        try text(name)
        end()
        end()
    }

    /// Writes `link` elements, one each.
    mutating func links(_ links: [FeedLink]) throws(AtomError) {
        for link in links {
            start("link")
            try attribute("rel", link.relation.rawValue)
            try attribute("href", link.reference)
            end()
        }
    }

    /// Writes the children of an entry up to `app:edited`.
    mutating func entryIdentity(_ event: RecordedEvent) throws(AtomError) {
        try element("id", "urn:uuid:\(event.id)")
        try element("title", event.type.text)
        try element("updated", event.recordedAt)
        try element("app:edited", event.recordedAt)
    }

    /// Writes `ef:event` and the categories.
    mutating func eventFacts(_ event: RecordedEvent) throws(AtomError) {
        start("ef:event")
        attribute("number", number: event.number.rawValue)
        try attribute("stream", event.stream.text)
        attribute("version", number: event.version.rawValue)
        try attribute("type", event.type.text)
        attribute("recorded-at", number: event.recordedAt.microseconds)
        end()
        try category("urn:eventfeed:type", event.type.text)
        try category("urn:eventfeed:stream", event.stream.text)
        try category("urn:eventfeed:category", event.stream.category.text)
    }

    private mutating func category(_ scheme: String, _ term: String) throws(AtomError) {
        start("category")
        try attribute("scheme", scheme)
        try attribute("term", term)
        end()
    }

    /// Writes `summary`, `content` and `ef:metadata`.
    mutating func values(_ event: RecordedEvent, valuePrefix: String) throws(AtomError) {
        let dataForm = ValueForm(of: event.data)
        let metadataForm = event.metadata.map { ValueForm(of: $0) }
        if dataForm != .text || (metadataForm ?? .text) != .text {
            try element("summary", "\(event.data.mediaType), \(event.data.bytes.count) bytes")
        }
        let data = AtomValue(.data, event.data, dataForm)
        try value(data, reference: "\(valuePrefix)data/\(event.number)")
        if let metadata = event.metadata, let metadataForm {
            let value = AtomValue(.metadata, metadata, metadataForm)
            try self.value(value, reference: "\(valuePrefix)metadata/\(event.number)")
        }
    }

    private mutating func value(_ value: AtomValue, reference: @autoclosure () -> String)
        throws(AtomError)
    {
        start(value.element)
        switch value.form {
        case .text:
            try attribute("type", "text")
            try attribute(value.prefix + "media-type", value.payload.mediaType.text)
            try text(utf8: value.payload.bytes)
        case .base64:
            // RFC 4287 section 4.1.3.1: the type of inline content is never a composite one.
            if value.isComposite {
                try attribute("type", "application/octet-stream")
                try attribute(value.prefix + "media-type", value.payload.mediaType.text)
            } else {
                try attribute("type", value.payload.mediaType.text)
            }
            try attribute(value.prefix + "encoding", "base64")
            base64(value.payload.bytes)
        case .outOfLine:
            try attribute("type", value.payload.mediaType.text)
            try attribute("src", reference())
            attribute(value.prefix + "length", number: value.payload.bytes.count)
            let digest = PayloadDigest(of: value.payload.bytes)
            try attribute(value.prefix + "digest", digest.description)
        }
        end()
    }
}

/// Data or metadata about to be written into an entry.
private struct AtomValue {
    let element: String
    /// Stands before our attributes, which `ef:metadata` has without a prefix.
    let prefix: String
    let payload: Payload
    let form: ValueForm

    init(_ kind: ValueKind, _ payload: Payload, _ form: ValueForm) {
        element = kind == .data ? "content" : "ef:metadata"
        prefix = kind == .data ? "ef:" : ""
        self.payload = payload
        self.form = form
    }

    var isComposite: Bool {
        let essence = payload.mediaType.essence
        return essence.hasPrefix("multipart/") || essence.hasPrefix("message/")
    }
}
