/// An entry, in a feed or as a document of its own (RFC 4287 § 4.1.2).
///
/// `id`, `title` and `updated` are there in every valid entry; an entry that a client posts may
/// lack them (RFC 5023 § 9.2), and then they are empty.
public struct AtomEntry: Hashable, Sendable {
    /// The entry's identity, an IRI, compared character by character.
    public var id: String
    /// The title for people.
    public var title: AtomText
    /// When the entry last changed in a way that matters, a time of RFC 3339 as it is written.
    public var updated: String
    /// When the entry first came to be.
    public var published: String?
    /// When the entry was last edited (`app:edited`, RFC 5023 § 10.2).
    public var edited: String?
    /// Who made it.
    public var authors: [AtomPerson] = []
    /// Where else to look.
    public var links: [AtomLink] = []
    /// What it is about.
    public var categories: [AtomCategory] = []
    /// A short form of the content.
    public var summary: AtomText?
    /// What the entry holds.
    public var content: AtomContent?
    /// Elements of the namespaces for which the parser was asked, in the document's order.
    public var extensions: [XMLElement] = []

    /// Makes an entry of what every entry must have.
    ///
    /// - Parameters:
    ///   - id: The entry's identity, an IRI.
    ///   - title: The title for people.
    ///   - updated: A time of RFC 3339.
    public init(id: String, title: AtomText, updated: String) {
        self.id = id
        self.title = title
        self.updated = updated
    }

    /// Returns the address of the first link with a relation.
    ///
    /// - Parameter relation: The relation.
    /// - Returns: The link's address, resolved; `nil` if there is no such link.
    public func href(_ relation: AtomLink.Relation) -> String? {
        links.first { $0.relation == relation }?.href
    }

    /// Returns the extension elements with a name.
    ///
    /// - Parameter name: The name.
    /// - Returns: The elements in the document's order, often none or one.
    public func extensions(_ name: XMLName) -> [XMLElement] {
        extensions.filter { $0.name == name }
    }
}
