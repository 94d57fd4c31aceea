/// Writes documents as bytes: the same bytes for the same value, on every machine.
///
/// The form of the bytes is that of `XMLWriter`. What a value does not have is not written;
/// nothing is added, no time, generator or address. A writer is a value and may be shared.
public struct AtomWriter: Sendable {
    /// The namespaces that the root declares, in this order.
    public let namespaces: [XMLNamespace]
    /// The extension elements of an entry that are written after its content.
    ///
    /// All others come before the categories.
    public let afterContent: Set<XMLName>

    /// The namespaces of a service or category document without extensions.
    public static let publishingNamespaces = [
        XMLNamespace(prefix: "", uri: AtomNamespaces.publishing),
        XMLNamespace(prefix: "atom", uri: AtomNamespaces.atom),
    ]

    /// Makes a writer.
    ///
    /// - Parameters:
    ///   - namespaces: What the root declares, in this order; every namespace that a value uses
    ///     must be there, one that has attributes with a prefix.
    ///   - afterContent: The extension elements of an entry that are written after its content.
    public init(namespaces: [XMLNamespace], afterContent: Set<XMLName> = []) {
        self.namespaces = namespaces
        self.afterContent = afterContent
    }

    /// Writes a feed document.
    ///
    /// The order is id, title, subtitle, updated, authors, extensions, `fh:archive`, categories,
    /// links, entries.
    ///
    /// - Parameter feed: The feed.
    /// - Returns: The document in UTF-8.
    /// - Throws: ``AtomError`` (`unwritable`) if XML cannot carry a text, or a namespace is not
    ///   among ``namespaces``.
    public func write(_ feed: AtomFeed) throws(AtomError) -> [UInt8] {
        var writer = ValueWriter(self)
        try writer.feed(feed)
        return writer.finish()
    }

    /// Writes an entry document.
    ///
    /// The order is id, title, updated, published, `app:edited`, authors, extensions, categories,
    /// links, summary, content, the extensions of ``afterContent``.
    ///
    /// - Parameter entry: The entry; an empty id, title or updated is left out.
    /// - Returns: The document in UTF-8.
    /// - Throws: ``AtomError`` (`unwritable`) if XML cannot carry a text, or a namespace is not
    ///   among ``namespaces``.
    public func write(_ entry: AtomEntry) throws(AtomError) -> [UInt8] {
        var writer = ValueWriter(self)
        try writer.entry(entry)
        return writer.finish()
    }

    /// Writes a service document.
    ///
    /// - Parameter service: The service; its extensions come before the workspaces.
    /// - Returns: The document in UTF-8.
    /// - Throws: ``AtomError`` (`unwritable`) if XML cannot carry a text, or a namespace is not
    ///   among ``namespaces``.
    public func write(_ service: AtomService) throws(AtomError) -> [UInt8] {
        var writer = ValueWriter(self)
        try writer.service(service)
        return writer.finish()
    }

    /// Writes a category document.
    ///
    /// - Parameter categories: The categories.
    /// - Returns: The document in UTF-8.
    /// - Throws: ``AtomError`` (`unwritable`) if XML cannot carry a text, or a namespace is not
    ///   among ``namespaces``.
    public func write(_ categories: AtomCategories) throws(AtomError) -> [UInt8] {
        var writer = ValueWriter(self)
        try writer.categories(categories)
        return writer.finish()
    }
}
