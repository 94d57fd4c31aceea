/// Reads a document while its bytes arrive.
///
/// ```swift
/// var parser = AtomDocumentParser(AtomParser(extensions: ["urn:eventfeed:1"]))
/// for try await chunk in body { try parser.feed(chunk) }
/// let document = try parser.finish()
/// ```
///
/// What comes out does not depend on how the bytes are cut. A document counts only when
/// ``finish()`` returned it; after an error every further call throws the same error.
public struct AtomDocumentParser: ~Copyable {
    private let reader: XMLPushReader

    /// Begins a document.
    ///
    /// - Parameter settings: The limits, and what is to be kept.
    public init(_ settings: AtomParser) {
        reader = XMLPushReader(settings)
    }

    /// Begins a document with a given size of what libxml2 gets at once, for tests.
    ///
    /// - Parameters:
    ///   - settings: The limits, and what is to be kept.
    ///   - sliceBytes: How many bytes libxml2 gets at once.
    package init(_ settings: AtomParser, sliceBytes: Int) {
        reader = XMLPushReader(settings, sliceBytes: sliceBytes)
    }

    /// Takes the next bytes.
    ///
    /// - Parameter bytes: Any number of bytes; they are copied if they cannot be read yet.
    /// - Throws: ``AtomError`` as soon as the document cannot be right.
    public mutating func feed(_ bytes: [UInt8]) throws(AtomError) {
        try bytes.withUnsafeBufferPointer { (buffer) throws(AtomError) in
            try reader.feed(UnsafeRawBufferPointer(buffer))
        }
    }

    /// Takes the next bytes.
    ///
    /// - Parameter bytes: Any number of bytes; they are copied if they cannot be read yet.
    /// - Throws: ``AtomError`` as soon as the document cannot be right.
    public mutating func feed(_ bytes: UnsafeRawBufferPointer) throws(AtomError) {
        try reader.feed(bytes)
    }

    /// The extension elements of a feed that have been read whole so far.
    ///
    /// Until ``finish()`` returned the document they are good for nothing but to decide how to go
    /// on.
    package var feedExtensions: [XMLElement] { reader.feedExtensions }

    /// Ends the document.
    ///
    /// - Returns: What the document says.
    /// - Throws: ``AtomError``; `truncated` if the document had more to come.
    public consuming func finish() throws(AtomError) -> AtomDocument {
        try reader.finish()
    }
}
