/// Reads documents that are in memory as a whole.
///
/// Everything that means the same in XML reads the same: prefixes, CDATA, comments, character
/// references, the order of children, UTF-8, UTF-16 with a byte order mark, US-ASCII and
/// ISO-8859-1. Foreign markup is skipped with what is in it. References are resolved against
/// `xml:base`. No network and no file is ever touched: a document type declaration is an error, so
/// there are no entities but the five of XML itself.
public struct AtomParser: Hashable, Sendable {
    /// What a document may have.
    public var limits: Limits
    /// The namespaces whose elements and attributes are kept.
    public var extensions: Set<String>
    /// What an entry must have.
    public var entryRules: EntryRules
    /// Whether any document is read, and kept as elements without a meaning.
    package var keepsTree = false

    /// Makes a parser.
    ///
    /// - Parameters:
    ///   - limits: What a document may have.
    ///   - extensions: The namespaces whose elements are kept where they stand in a feed, an entry
    ///     or a service, and whose attributes are kept where they stand on `atom:content`.
    ///   - entryRules: What an entry must have.
    public init(
        limits: Limits = Limits(),
        extensions: Set<String> = [],
        entryRules: EntryRules = .complete
    ) {
        self.limits = limits
        self.extensions = extensions
        self.entryRules = entryRules
    }

    /// Reads a document.
    ///
    /// - Parameter bytes: The whole document.
    /// - Returns: What the document says.
    /// - Throws: ``AtomError``, with the place in the document.
    public func parse(_ bytes: [UInt8]) throws(AtomError) -> AtomDocument {
        var parser = AtomDocumentParser(self)
        try parser.feed(bytes)
        return try parser.finish()
    }
}
