/// What a stream's name or an event type may not be, with the text that broke the rule.
public struct InvalidName: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which name was refused.
    public enum Kind: String, Hashable, Sendable {
        /// The name of a stream.
        case stream
        /// The name of an event type.
        case type
        /// The category of a stream, in a filter.
        case category
        /// A media type.
        case mediaType = "media type"
    }

    /// The rule that was broken.
    public enum Reason: Hashable, Sendable {
        /// There is no text at all.
        case empty
        /// The UTF-8 form has more bytes than `limit`.
        case tooLong(bytes: Int, limit: Int)
        /// A control character (U+0000–1F, U+007F–9F), U+FFFE or U+FFFF.
        case forbiddenCharacter(Unicode.Scalar)
        /// The text begins or ends with a space.
        case surroundingSpace
        /// `.` and `..` cannot be a segment of an address.
        case dotSegment
        /// The text is not `type/subtype` with optional parameters (RFC 9110 section 8.3.1).
        case notAMediaType
    }

    /// Which name was refused.
    public let kind: Kind
    /// The text as it was given, shortened to its first 64 characters.
    public let text: String
    /// The rule that was broken.
    public let reason: Reason

    package init(_ kind: Kind, text: String, reason: Reason) {
        self.kind = kind
        self.text = String(text.prefix(64))
        self.reason = reason
    }

    /// One sentence that names the field, the rule and what is allowed.
    public var description: String {
        switch reason {
        case .empty:
            "\(kind.rawValue) is empty: give 1 to \(Limits.nameBytes) bytes of UTF-8"
        case .tooLong(let bytes, let limit):
            "\(kind.rawValue) has \(bytes) bytes of UTF-8, the limit is \(limit)"
        case .forbiddenCharacter(let scalar):
            "\(kind.rawValue) contains U+\(String(scalar.value, radix: 16, uppercase: true)): "
                + "control characters, U+FFFE and U+FFFF are not allowed"
        case .surroundingSpace:
            "\(kind.rawValue) begins or ends with a space: remove it"
        case .dotSegment:
            "\(kind.rawValue) is \"\(text)\", which cannot be part of an address: use another name"
        case .notAMediaType:
            "\(kind.rawValue) \"\(text)\" is not type/subtype with optional parameters"
        }
    }
}

/// The rules that the names of streams, types and categories share.
enum NameRules {
    /// Throws if `text` is no name: 1 to ``Limits/nameBytes`` bytes of UTF-8 without control
    /// characters, U+FFFE, U+FFFF, leading or trailing space.
    static func check(_ text: String, _ kind: InvalidName.Kind) throws(InvalidName) {
        guard !text.isEmpty else { throw InvalidName(kind, text: text, reason: .empty) }
        let bytes = text.utf8.count
        guard bytes <= Limits.nameBytes else {
            throw InvalidName(
                kind,
                text: text,
                reason: .tooLong(bytes: bytes, limit: Limits.nameBytes)
            )
        }
        for scalar in text.unicodeScalars where isForbidden(scalar) {
            throw InvalidName(kind, text: text, reason: .forbiddenCharacter(scalar))
        }
        guard text.utf8.first != UInt8(ascii: " "), text.utf8.last != UInt8(ascii: " ") else {
            throw InvalidName(kind, text: text, reason: .surroundingSpace)
        }
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0xFFFE, 0xFFFF: true
        default: false
        }
    }
}
