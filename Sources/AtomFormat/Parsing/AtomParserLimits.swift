extension AtomParser {
    /// What a document may have; more of anything is an ``AtomError`` (`limit`) that names it.
    public struct Limits: Hashable, Sendable {
        /// Bytes in the document, as it arrives.
        ///
        /// The default is what a page of 500 entries can take: 327,680 bytes for each (65,536 of
        /// data and as many of metadata, encoded; the rest for names of 512 bytes, which occur in
        /// several places and grow up to six times when they are escaped), and 65,536 for the feed.
        public var documentBytes = 500 * 327_680 + 65_536
        /// Elements within elements, the root counted.
        public var depth = 64
        /// Entries of a feed.
        public var entries = 1_000
        /// Attributes of an element, namespace declarations counted.
        public var attributes = 64
        /// Bytes of UTF-8 in the value of an attribute.
        public var attributeBytes = 65_536
        /// Bytes of UTF-8 in the text of an element.
        ///
        /// The default holds 4 MiB of data in Base64 with line breaks. libxml2 itself reads no
        /// more than 10,000,000 bytes at once.
        public var textBytes = 8_388_608
        /// Bytes of a start tag, a comment or a processing instruction as they arrive.
        ///
        /// They must be in memory as a whole before anything of them is read; the limit is kept to
        /// within 32 KiB.
        public var markupBytes = 131_072
        /// Bytes of an `xml:base` after it is resolved, since every reference may grow by as much.
        public var baseBytes = 2_048
        /// Links, categories, authors, workspaces, collections and such, of each kind, in the
        /// element that has them.
        public var repeatedElements = 100
        /// Extension elements that are kept in a feed, an entry or a service, those within others
        /// counted.
        public var extensionElements = 256

        /// Makes the limits with their defaults.
        public init() {}
    }

    /// What an entry must have.
    public enum EntryRules: Hashable, Sendable {
        /// An id, a title and a time, as RFC 4287 § 4.1.2 has it.
        case complete
        /// Nothing, as for an entry that is posted, where the server sees to it (RFC 5023 § 9.2).
        case posted
    }
}
