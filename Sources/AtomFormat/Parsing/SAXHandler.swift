import CLibXML2

/// The functions that libxml2 calls; each finds the reader behind the pointer that it was given.
enum SAXHandler {
    /// Fills in libxml2's table of functions.
    ///
    /// There is none for entities, so that XML's own five are the only ones, and none for comments
    /// and processing instructions, which are thus skipped.
    static func make() -> xmlSAXHandler {
        initializeLibrary()
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startDocument = { reader($0)?.startDocument() }
        handler.internalSubset = { context, _, _, _ in reader(context)?.documentType() }
        handler.externalSubset = { context, _, _, _ in reader(context)?.documentType() }
        handler.startElementNs = {
            context,
            localName,
            _,
            uri,
            namespaceCount,
            _,
            attributeCount,
            _,
            attributes in
            guard let localName else { return }
            let tag = SAXTag(
                localName: localName,
                uri: uri,
                namespaceCount: Int(namespaceCount),
                ownAttributeCount: Int(attributeCount),
                pointers: attributes
            )
            reader(context)?.startElement(tag)
        }
        handler.endElementNs = { context, _, _, _ in reader(context)?.endElement() }
        handler.characters = { context, text, count in
            reader(context)?.characters(UnsafeBufferPointer(start: text, count: Int(count)))
        }
        // The same function for both: libxml2 then does not look at what is white space.
        handler.ignorableWhitespace = handler.characters
        handler.cdataBlock = { context, text, count in
            reader(context)?.cdata(UnsafeBufferPointer(start: text, count: Int(count)))
        }
        handler.serror = { context, error in
            guard let error else { return }
            reader(context)?.syntaxError(error.pointee)
        }
        return handler
    }

    /// Prepares libxml2 once; its manual wants that before threads use it.
    private static func initializeLibrary() {
        _ = isInitialized
    }

    private static let isInitialized: Bool = {
        xmlInitParser()
        return true
    }()
}

/// Returns the reader that is at work; it waits in `feed` or `finish`, so it is alive.
private func reader(_ context: UnsafeMutableRawPointer?) -> XMLPushReader? {
    context.map { Unmanaged<XMLPushReader>.fromOpaque($0).takeUnretainedValue() }
}

/// A start tag as libxml2 gives it, good for as long as the call lasts.
struct SAXTag {
    let localName: UnsafePointer<xmlChar>
    let uri: UnsafePointer<xmlChar>?
    let namespaceCount: Int
    let ownAttributeCount: Int
    /// Five for each attribute: local name, prefix, namespace, the value's start and its end.
    let pointers: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?

    /// How many attributes there are, namespace declarations counted.
    var attributeCount: Int { namespaceCount + ownAttributeCount }

    /// Returns the attributes with values that are checked to be UTF-8.
    func attributes(
        _ namespaces: inout NamespaceCache,
        maxBytes: Int
    ) throws(AtomError) -> [XMLAttribute] {
        guard ownAttributeCount > 0, let pointers else { return [] }
        var attributes: [XMLAttribute] = []
        attributes.reserveCapacity(ownAttributeCount)
        for index in 0..<ownAttributeCount {
            let pointers = pointers + index * 5
            guard let localName = pointers[0], let start = pointers[3], let end = pointers[4]
            else { continue }
            let name = XMLName(namespaces.uri(pointers[2]), String(cString: localName))
            let bytes = UnsafeBufferPointer(start: start, count: end - start)
            guard bytes.count <= maxBytes else {
                throw AtomError(.limit, "attribute \(name)", limit: maxBytes)
            }
            guard let value = String(validating: bytes, as: UTF8.self) else {
                throw AtomError(.encoding, "attribute \(name)")
            }
            attributes.append(XMLAttribute(name, Self.unescaped(value)))
        }
        return attributes
    }

    /// Undoes an escape that libxml2 leaves in the value of an attribute.
    ///
    /// Without entity substitution (`XML_PARSE_NOENT`, which is never used here) every `&` of a
    /// value arrives as `&#38;`, as its tree builder wants it, and no other `&` can arrive. So one
    /// pass is exact: what was written `&amp;#38;` arrives as `&#38;#38;` and becomes `&#38;`.
    private static func unescaped(_ value: String) -> String {
        guard value.utf8.contains(UInt8(ascii: "&")) else { return value }
        let escaped = Array("#38;".utf8)
        var result: [UInt8] = []
        var rest = value.utf8[...]
        while let byte = rest.popFirst() {
            result.append(byte)
            if byte == UInt8(ascii: "&"), rest.starts(with: escaped) {
                rest = rest.dropFirst(escaped.count)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

/// Remembers the strings of namespaces, of which a document has few.
///
/// libxml2 keeps each namespace at one address for as long as a document is read.
struct NamespaceCache {
    private var known: [(pointer: UnsafePointer<xmlChar>, uri: String)] = []

    /// Returns the namespace at an address; empty for none.
    mutating func uri(_ pointer: UnsafePointer<xmlChar>?) -> String {
        guard let pointer else { return "" }
        if let match = known.first(where: { $0.pointer == pointer }) { return match.uri }
        let uri = String(cString: pointer)
        // 16: more namespaces than any honest document has.
        if known.count < 16 { known.append((pointer, uri)) }
        return uri
    }
}
