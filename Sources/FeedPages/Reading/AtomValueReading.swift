import AtomFormat
import EventModel

/// `content` or `ef:metadata` as it was read, in a feed or in an entry that was posted.
struct AtomValueElement {
    /// The attribute `type`.
    var type: String?
    /// The attribute `src`, resolved against `xml:base`.
    var source: String?
    /// The characters.
    var text: String
    /// Whether there are child elements.
    var hasElements: Bool
    /// Our attribute `media-type`.
    var mediaType: String?
    /// Our attribute `encoding`.
    var encoding: String?
    /// Our attribute `length`.
    var length: String?
    /// Our attribute `digest`.
    var digest: String?

    init(_ content: AtomContent) {
        type = content.type
        source = content.src
        text = content.text
        hasElements = content.hasElements
        func own(_ name: String) -> String? {
            content.attribute(XMLName(AtomNames.eventFeed, name))
        }
        mediaType = own("media-type")
        encoding = own("encoding")
        length = own("length")
        digest = own("digest")
    }

    init(metadata element: XMLElement) {
        type = element.attribute("type")
        source = element.attribute("src").map(element.resolve)
        text = element.text
        hasElements = !element.children.isEmpty
        mediaType = element.attribute("media-type")
        encoding = element.attribute("encoding")
        length = element.attribute("length")
        digest = element.attribute("digest")
    }

    /// Why an element is no value.
    enum Fault: Error {
        /// An attribute has a value that it must not have.
        case invalid(attribute: String, value: String)
        /// The text is not base64.
        case notBase64
        /// xhtml or XML instead of text.
        case markup
        /// Child elements in text.
        case elements
        /// The value is somewhere else.
        case elsewhere
    }

    /// The bytes that stand in the element, with the text of their media type.
    ///
    /// - Throws: ``Fault``; `elsewhere` where there is a `src`.
    func inline() throws(Fault) -> (bytes: [UInt8], mediaType: String) {
        guard source == nil else { throw .elsewhere }
        if let encoding, encoding != "base64" {
            throw .invalid(attribute: "encoding", value: encoding)
        }
        let kind = AtomContent("", type: type).kind
        if encoding == "base64" || kind == .base64 {
            guard !hasElements else { throw .elements }
            guard let bytes = Base64.decode(text) else { throw .notBase64 }
            return (bytes, mediaType ?? namedType)
        }
        guard kind != .xhtml, kind != .xml else { throw .markup }
        guard !hasElements else { throw .elements }
        return (Array(text.utf8), mediaType ?? namedType)
    }

    /// What the attribute `type` says as a media type.
    private var namedType: String {
        switch type {
        case nil, "text": "text/plain"
        case "html": "text/html"
        case "xhtml": "application/xhtml+xml"
        case let type?: type
        }
    }
}
