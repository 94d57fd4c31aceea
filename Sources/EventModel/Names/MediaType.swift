/// The media type of an event's data or metadata, such as `application/json`.
///
/// The text is kept as it was given (it is part of the chain); everything else that this type
/// says is computed from it. RFC 9110 section 8.3.1: type and subtype and the names of parameters
/// are compared without regard to case.
public struct MediaType: ByteComparedText {
    /// The media type as it was given: printable ASCII, at most ``Limits/mediaTypeBytes`` bytes.
    public let text: String

    /// `application/json`.
    public static let json = MediaType(stored: "application/json")
    /// `text/plain`.
    public static let plainText = MediaType(stored: "text/plain")
    /// `application/octet-stream`.
    public static let octetStream = MediaType(stored: "application/octet-stream")

    /// Checks a media type that came from outside.
    ///
    /// - Parameter text: `type/subtype`, optionally followed by `;name=value` parameters.
    /// - Throws: ``InvalidName`` that says which rule the text breaks.
    public init(_ text: String) throws(InvalidName) {
        guard !text.isEmpty else { throw InvalidName(.mediaType, text: text, reason: .empty) }
        let bytes = text.utf8.count
        guard bytes <= Limits.mediaTypeBytes else {
            throw InvalidName(
                .mediaType,
                text: text,
                reason: .tooLong(bytes: bytes, limit: Limits.mediaTypeBytes)
            )
        }
        guard MediaTypeScanner.parse(text) != nil else {
            throw InvalidName(.mediaType, text: text, reason: .notAMediaType)
        }
        self.text = text
    }

    /// Takes a media type that was checked before it was stored.
    package init(stored text: String) {
        self.text = text
    }

    /// `type/subtype` in lower case, without parameters.
    public var essence: String {
        let end = text.utf8.firstIndex { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: " ") }
        return text[..<(end ?? text.endIndex)].lowercased()
    }

    /// The values of all `charset` parameters in lower case, without quotes.
    private var charsets: [String] {
        let parameters = MediaTypeScanner.parse(text)?.parameters ?? []
        return parameters.filter { $0.name == "charset" }.map { $0.value.lowercased() }
    }

    /// Whether this is JSON: `application/json` or a subtype that ends in `+json` (RFC 6839).
    public var isJSON: Bool {
        let essence = essence
        return essence == "application/json" || essence.hasSuffix("+json")
    }

    /// Whether this is XML: a type that ends in `/xml` or `+xml` (RFC 7303).
    public var isXML: Bool {
        let essence = essence
        return essence.hasSuffix("/xml") || essence.hasSuffix("+xml")
    }

    /// Whether bytes of this type are characters that a person can read: JSON, XML or `text/*`,
    /// in UTF-8 as far as the type itself says.
    public var isUTF8Text: Bool {
        if self == .json { return true }
        guard isJSON || isXML || essence.hasPrefix("text/") else { return false }
        return charsets.allSatisfy { $0 == "utf-8" }
    }
}

/// The grammar of a media type (RFC 9110 section 8.3.1).
enum MediaTypeScanner {
    struct Parsed {
        var parameters: [(name: String, value: String)] = []
    }

    /// Reads `text`, or returns nil where it is no media type; parameters may be left empty, as
    /// in `text/plain;` (RFC 9110 section 5.6.6).
    static func parse(_ text: String) -> Parsed? {
        var rest = text.utf8[...]
        guard rest.last != UInt8(ascii: " "), takeToken(&rest) != nil,
            take(UInt8(ascii: "/"), &rest), takeToken(&rest) != nil
        else { return nil }
        var parsed = Parsed()
        while true {
            skipSpace(&rest)
            if rest.isEmpty { return parsed }
            guard take(UInt8(ascii: ";"), &rest) else { return nil }
            skipSpace(&rest)
            if rest.isEmpty || rest.first == UInt8(ascii: ";") { continue }
            guard let name = takeToken(&rest), take(UInt8(ascii: "="), &rest),
                let value = takeQuoted(&rest) ?? takeToken(&rest)
            else { return nil }
            parsed.parameters.append((name.lowercased(), value))
        }
    }

    private static func skipSpace(_ rest: inout Substring.UTF8View) {
        rest = rest.drop { $0 == UInt8(ascii: " ") }
    }

    private static func take(_ byte: UInt8, _ rest: inout Substring.UTF8View) -> Bool {
        guard rest.first == byte else { return false }
        rest = rest.dropFirst()
        return true
    }

    private static func takeToken(_ rest: inout Substring.UTF8View) -> String? {
        let token = rest.prefix(while: isTokenByte)
        guard !token.isEmpty else { return nil }
        rest = rest.dropFirst(token.count)
        return String(token)
    }

    private static func takeQuoted(_ rest: inout Substring.UTF8View) -> String? {
        var view = rest
        guard take(UInt8(ascii: "\""), &view) else { return nil }
        var value: [UInt8] = []
        while let byte = view.first {
            view = view.dropFirst()
            switch byte {
            case UInt8(ascii: "\""):
                rest = view
                return String(decoding: value, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = view.first, (0x20...0x7E).contains(escaped) else { return nil }
                view = view.dropFirst()
                value.append(escaped)
            case 0x20...0x7E:
                value.append(byte)
            default:
                return nil
            }
        }
        return nil
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
