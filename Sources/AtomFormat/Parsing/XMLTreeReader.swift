/// Reads any document of XML whole, as safely as an Atom document is read: without entities,
/// document type declarations, files or network.
package struct XMLTreeReader: Hashable, Sendable {
    private let settings: AtomParser

    /// Sets what a document may have.
    ///
    /// - Parameters:
    ///   - depth: Elements within elements, the root counted.
    ///   - elements: Elements and attributes of the whole document.
    package init(depth: Int, elements: Int) {
        var settings = AtomParser()
        settings.limits.depth = depth
        settings.limits.extensionElements = elements
        settings.keepsTree = true
        self.settings = settings
    }

    /// Reads a document that is in memory.
    ///
    /// - Parameter bytes: The whole document.
    /// - Returns: The root element; `xml:base` is no attribute of it, and white space between
    ///   elements is no text.
    /// - Throws: ``AtomError``, with the place in the document.
    package func read(_ bytes: [UInt8]) throws(AtomError) -> XMLElement {
        let reader = XMLPushReader(settings)
        try bytes.withUnsafeBufferPointer { (buffer) throws(AtomError) in
            try reader.feed(UnsafeRawBufferPointer(buffer))
        }
        return try reader.finishTree()
    }
}
