/// A text construct: a title, a subtitle or a summary (RFC 4287 § 3.1).
public struct AtomText: Hashable, Sendable, ExpressibleByStringLiteral {
    /// How the text is marked up.
    public enum Kind: String, Hashable, Sendable {
        /// Plain text.
        case text
        /// HTML, escaped.
        case html
        /// XHTML, of which only the character data is kept.
        case xhtml
    }

    /// How the text is marked up.
    public var kind: Kind
    /// The text: for ``Kind/html`` with its tags, for ``Kind/xhtml`` without.
    public var value: String

    /// Makes a text.
    ///
    /// - Parameters:
    ///   - value: The text, unescaped as far as XML is concerned.
    ///   - kind: How it is marked up.
    public init(_ value: String, kind: Kind = .text) {
        self.value = value
        self.kind = kind
    }

    /// Makes a plain text of a literal.
    ///
    /// - Parameter value: The text.
    public init(stringLiteral value: String) {
        self.init(value)
    }
}

/// A person construct: an author (RFC 4287 § 3.2).
public struct AtomPerson: Hashable, Sendable {
    /// The name for people.
    public var name: String
    /// An address that belongs to the person, resolved.
    public var uri: String?
    /// An e-mail address.
    public var email: String?

    /// Makes a person.
    ///
    /// - Parameters:
    ///   - name: The name for people.
    ///   - uri: An address that belongs to the person.
    ///   - email: An e-mail address.
    public init(name: String, uri: String? = nil, email: String? = nil) {
        self.name = name
        self.uri = uri
        self.email = email
    }
}

/// A category of an entry, a feed or a category document (RFC 4287 § 4.2.2).
public struct AtomCategory: Hashable, Sendable {
    /// The category.
    public var term: String
    /// The scheme to which the term belongs, an IRI.
    public var scheme: String?
    /// The category for people.
    public var label: String?

    /// Makes a category.
    ///
    /// - Parameters:
    ///   - term: The category.
    ///   - scheme: The scheme to which the term belongs.
    ///   - label: The category for people.
    public init(term: String, scheme: String? = nil, label: String? = nil) {
        self.term = term
        self.scheme = scheme
        self.label = label
    }
}
