public import EventModel
import Crypto

/// An entity tag (RFC 9110 section 8.8.3).
public struct EntityTag: Hashable, Sendable, CustomStringConvertible {
    /// What stands between the quotes.
    public let opaque: String
    /// Whether it is marked as weak.
    public let isWeak: Bool

    /// Wraps a tag that the caller has made of visible ASCII characters.
    ///
    /// - Parameters:
    ///   - opaque: What stands between the quotes: no quotes, no spaces.
    ///   - isWeak: Whether it is marked as weak.
    public init(opaque: String, isWeak: Bool = false) {
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// The tag of a document or a bare value: the first 32 hex digits of the SHA-256 of its body.
    ///
    /// - Parameters:
    ///   - body: The uncompressed body.
    ///   - version: The stream's version, for stream documents, whose tags begin with it.
    ///   - isGzipped: Whether the body goes out with gzip.
    public init(of body: [UInt8], version: StreamVersion? = nil, isGzipped: Bool = false) {
        let digest = Hex.string(of: Array(SHA256.hash(data: body)).prefix(16))
        let prefix = version.map { "\($0)-" } ?? ""
        self.init(opaque: prefix + digest + (isGzipped ? "-gzip" : ""))
    }

    /// The tag of the same body with gzip.
    public var gzipped: EntityTag { EntityTag(opaque: opaque + "-gzip", isWeak: isWeak) }

    /// The version at the beginning of a stream's tag, or the whole tag if that is a number.
    public var streamVersion: StreamVersion? {
        let digits = opaque.utf8.prefix { $0 != UInt8(ascii: "-") }
        return Decimal.number(digits).map { StreamVersion($0) }
    }

    /// Whether both are strong and the same (RFC 9110 section 8.8.3.2).
    ///
    /// - Parameter other: Another tag.
    /// - Returns: True for the strong comparison.
    public func matchesStrongly(_ other: EntityTag) -> Bool {
        !isWeak && !other.isWeak && opaque.utf8.elementsEqual(other.opaque.utf8)
    }

    /// Whether both are the same, weak or not (RFC 9110 section 8.8.3.2).
    ///
    /// - Parameter other: Another tag.
    /// - Returns: True for the weak comparison.
    public func matchesWeakly(_ other: EntityTag) -> Bool {
        opaque.utf8.elementsEqual(other.opaque.utf8)
    }

    /// The tag as a header has it.
    public var description: String { (isWeak ? "W/" : "") + "\"\(opaque)\"" }
}

/// The value of `If-Match` or `If-None-Match` (RFC 9110 section 13.1).
public enum EntityTagCondition: Hashable, Sendable {
    /// `*`: any representation at all.
    case any
    /// One of these.
    case tags([EntityTag])

    /// Reads a header.
    ///
    /// - Parameter field: The whole value, several headers joined with a comma; returns nil where
    ///   it is neither `*` nor a list of at least one tag.
    public init?(_ field: String) {
        var scanner = EntityTagScanner(field)
        if scanner.isWildcard {
            self = .any
            return
        }
        var tags: [EntityTag] = []
        while !scanner.isAtEnd {
            guard let tag = scanner.tag() else { return nil }
            tags.append(tag)
            guard scanner.separator() else { return nil }
        }
        guard !tags.isEmpty else { return nil }
        self = .tags(tags)
    }

    /// Whether a representation with this tag is in the condition, compared weakly, as
    /// `If-None-Match` asks.
    ///
    /// - Parameter tag: The tag of what there is.
    /// - Returns: True if the condition names it.
    public func namesWeakly(_ tag: EntityTag) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags): tags.contains { $0.matchesWeakly(tag) }
        }
    }

    /// Whether a representation with this tag is in the condition, compared strongly, as `If-Match`
    /// asks.
    ///
    /// - Parameter tag: The tag of what there is.
    /// - Returns: True if the condition names it.
    public func namesStrongly(_ tag: EntityTag) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags): tags.contains { $0.matchesStrongly(tag) }
        }
    }
}

/// Reads a list of entity tags (RFC 9110 sections 5.6.1 and 8.8.3).
private struct EntityTagScanner {
    private var rest: Substring.UTF8View

    init(_ field: String) {
        rest = field[...].utf8
        skipSeparators()
    }

    /// Whether nothing is left.
    var isAtEnd: Bool { rest.isEmpty }

    /// Whether the list is `*` alone.
    var isWildcard: Bool {
        rest.first == UInt8(ascii: "*") && rest.dropFirst().allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }

    /// The next tag: `W/` or nothing, then visible characters between quotes.
    mutating func tag() -> EntityTag? {
        let isWeak = rest.starts(with: "W/".utf8)
        if isWeak { rest = rest.dropFirst(2) }
        guard rest.first == UInt8(ascii: "\"") else { return nil }
        rest = rest.dropFirst()
        guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        let opaque = rest[..<end]
        guard opaque.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
        rest = rest[rest.index(after: end)...]
        return EntityTag(opaque: String(Substring(opaque)), isWeak: isWeak)
    }

    /// What stands between two tags: at least one comma, unless the list ends.
    mutating func separator() -> Bool {
        let before = rest
        skipSeparators()
        let skipped = before[..<rest.startIndex]
        return rest.isEmpty || skipped.contains(UInt8(ascii: ","))
    }

    private mutating func skipSeparators() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") }
    }
}
