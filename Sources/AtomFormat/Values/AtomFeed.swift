/// A feed document (RFC 4287 § 4.1.1), an archive of RFC 5005 among them.
///
/// Times are texts of RFC 3339, kept as they are written. What this value has no place for
/// (generator, contributors, rights, icon, logo) a parser skips.
public struct AtomFeed: Hashable, Sendable {
    /// The feed's identity, an IRI, compared character by character.
    public var id: String
    /// The title for people.
    public var title: AtomText
    /// When the feed last changed in a way that matters.
    public var updated: String
    /// A further title for people.
    public var subtitle: AtomText?
    /// Who made it; an entry without an author has these.
    public var authors: [AtomPerson] = []
    /// Where else to look.
    public var links: [AtomLink] = []
    /// What it is about.
    public var categories: [AtomCategory] = []
    /// Whether the document is an archive (`fh:archive`), which will not change (RFC 5005 § 4).
    public var isArchive = false
    /// Elements of the namespaces for which the parser was asked, in the document's order.
    public var extensions: [XMLElement] = []
    /// The entries, in the document's order, which means nothing.
    public var entries: [AtomEntry] = []

    /// Makes a feed of what every feed must have.
    ///
    /// - Parameters:
    ///   - id: The feed's identity, an IRI.
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
