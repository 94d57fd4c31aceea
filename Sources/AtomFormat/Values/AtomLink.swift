/// A link to another document (RFC 4287 § 4.2.7).
public struct AtomLink: Hashable, Sendable {
    /// The address, resolved against the `xml:base` in scope; as written where there is none.
    public var href: String
    /// What the document at the address is to this one.
    public var relation: Relation
    /// The media type that the document is said to have.
    public var type: String?
    /// The language of the document, a tag of RFC 5646.
    public var hreflang: String?
    /// A title for people.
    public var title: String?
    /// The length that the document is said to have, as written.
    public var length: String?

    /// Makes a link.
    ///
    /// - Parameters:
    ///   - relation: What the document is to this one.
    ///   - href: Its address.
    ///   - type: Its media type.
    public init(_ relation: Relation, href: String, type: String? = nil) {
        self.relation = relation
        self.href = href
        self.type = type
    }
}

extension AtomLink {
    /// A link relation, in its short form where it has one.
    ///
    /// RFC 4287 § 4.2.7.2: a name and the URI `http://www.iana.org/assignments/relation/NAME` are
    /// the same relation, and no relation at all is `alternate`.
    public struct Relation: Hashable, Sendable, CustomStringConvertible {
        /// The registered name, or a URI.
        public let name: String

        /// Takes a relation as it is written in a document.
        ///
        /// - Parameter written: The value of `rel`; `nil` where there is none.
        public init(_ written: String?) {
            let written = written ?? "alternate"
            let registry = "http://www.iana.org/assignments/relation/"
            if written.utf8.starts(with: registry.utf8), written.utf8.count > registry.utf8.count {
                name = String(written.utf8.dropFirst(registry.utf8.count)) ?? written
            } else {
                name = written
            }
        }

        /// The name.
        public var description: String { name }

        /// This document itself (RFC 4287).
        public static let `self` = Relation("self")
        /// Another form of the same (RFC 4287).
        public static let alternate = Relation("alternate")
        /// The address through which an entry is edited (RFC 5023 § 11.1).
        public static let edit = Relation("edit")
        /// The collection to which an entry belongs (RFC 6573).
        public static let collection = Relation("collection")
        /// The head of a paged feed (RFC 5005 § 3).
        public static let first = Relation("first")
        /// The furthest document of a paged feed (RFC 5005 § 3).
        public static let last = Relation("last")
        /// The document that follows this one, towards the past (RFC 5005 § 3).
        public static let next = Relation("next")
        /// The document that precedes this one, towards the future (RFC 5005 § 3).
        public static let previous = Relation("previous")
        /// The head of an archived feed (RFC 5005 § 4).
        public static let current = Relation("current")
        /// The archive before this document (RFC 5005 § 4).
        public static let previousArchive = Relation("prev-archive")
    }
}
