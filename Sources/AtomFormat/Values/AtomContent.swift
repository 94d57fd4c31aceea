/// What an entry holds, or where it is (RFC 4287 § 4.1.3).
public struct AtomContent: Hashable, Sendable {
    /// How RFC 4287 § 4.1.3.3 reads the content, going by ``AtomContent/type`` and ``src``.
    public enum Kind: Hashable, Sendable {
        /// Plain text.
        case text
        /// HTML, escaped.
        case html
        /// XHTML, as child elements.
        case xhtml
        /// Of an XML media type, as child elements.
        case xml
        /// Of a `text/…` media type, as it stands.
        case mediaText
        /// Of any other media type, in Base64.
        case base64
        /// Not here but at ``AtomContent/src``.
        case external
    }

    /// The `type` attribute as it is written; `nil` if there is none, which means `text`.
    public var type: String?
    /// The address of content that is elsewhere, resolved against the `xml:base` in scope.
    public var src: String?
    /// The character data in one piece, untouched; that of child elements included.
    public var text: String
    /// Whether there are child elements, of which only the character data is kept.
    public var hasElements: Bool
    /// Attributes of the namespaces for which the parser was asked.
    public var attributes: [XMLAttribute]

    /// Makes content that stands in the entry.
    ///
    /// - Parameters:
    ///   - text: The character data, unescaped: text, or Base64.
    ///   - type: The `type` attribute.
    ///   - attributes: Foreign attributes, in the order in which they are written.
    public init(_ text: String, type: String?, attributes: [XMLAttribute] = []) {
        self.text = text
        self.type = type
        self.attributes = attributes
        hasElements = false
    }

    /// Makes content that stands elsewhere.
    ///
    /// - Parameters:
    ///   - src: Its address.
    ///   - type: Its media type.
    ///   - attributes: Foreign attributes, in the order in which they are written.
    public init(src: String, type: String?, attributes: [XMLAttribute] = []) {
        self.init("", type: type, attributes: attributes)
        self.src = src
    }

    /// Makes content of bytes in Base64.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - mediaType: Their media type.
    ///   - attributes: Foreign attributes, in the order in which they are written.
    public init(base64 bytes: [UInt8], mediaType: String, attributes: [XMLAttribute] = []) {
        let text = String(decoding: Base64.encode(bytes), as: UTF8.self)
        self.init(text, type: mediaType, attributes: attributes)
    }

    /// How RFC 4287 § 4.1.3.3 reads the content.
    public var kind: Kind {
        if src != nil { return .external }
        switch type {
        case nil, "text": return .text
        case "html": return .html
        case "xhtml": return .xhtml
        case let type?: return MediaTypeRules.kind(of: type)
        }
    }

    /// Returns the value of a foreign attribute.
    ///
    /// - Parameter name: The attribute's name.
    /// - Returns: Its value; `nil` if the content does not have it.
    public func attribute(_ name: XMLName) -> String? {
        attributes.first { $0.name == name }?.value
    }
}

/// Reads the kind of content off a media type.
enum MediaTypeRules {
    /// Returns the kind of content that has a media type (RFC 4287 § 4.1.3.3, rules 4 to 6).
    ///
    /// An XML media type is one of RFC 3023: its essence ends with `+xml` or `/xml`.
    static func kind(of mediaType: String) -> AtomContent.Kind {
        let essence = essence(of: mediaType)
        if essence.hasSuffix("+xml") || essence.hasSuffix("/xml") { return .xml }
        return essence.hasPrefix("text/") ? .mediaText : .base64
    }

    /// Returns what stands before the first `;`, trimmed and in lower case.
    static func essence(of mediaType: String) -> String {
        var bytes = Array(mediaType.utf8.prefix { $0 != UInt8(ascii: ";") })
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        let start = bytes.firstIndex { $0 != 0x20 && $0 != 0x09 } ?? bytes.endIndex
        return String(decoding: bytes[start...], as: UTF8.self).lowercased()
    }
}
