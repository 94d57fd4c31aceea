/// Writes one document of values: the XML writer with the prefixes that its root declares.
struct ValueWriter {
    var xml = XMLWriter()
    private let namespaces: [XMLNamespace]
    let afterContent: Set<XMLName>
    private var hasRoot = false

    /// Begins a document.
    init(_ settings: AtomWriter) {
        namespaces = settings.namespaces
        afterContent = settings.afterContent
    }

    /// Ends the document.
    consuming func finish() -> [UInt8] {
        xml.finish()
    }

    /// Begins a block element; the first one declares the namespaces.
    mutating func start(_ namespace: String, _ localName: String) throws(AtomError) {
        xml.start(try qualified(XMLName(namespace, localName)))
        guard !hasRoot else { return }
        hasRoot = true
        for namespace in namespaces {
            let name = namespace.prefix.isEmpty ? "xmlns" : "xmlns:\(namespace.prefix)"
            try xml.attribute(name, namespace.uri)
        }
    }

    /// Begins a block element of Atom's namespace.
    mutating func startAtom(_ localName: String) throws(AtomError) {
        try start(AtomNamespaces.atom, localName)
    }

    /// Begins a block element of AtomPub's namespace.
    mutating func startPublishing(_ localName: String) throws(AtomError) {
        try start(AtomNamespaces.publishing, localName)
    }

    /// Writes a block element of Atom's namespace that has a text alone.
    mutating func atomText(_ localName: String, _ text: String) throws(AtomError) {
        try startAtom(localName)
        try xml.text(text)
        xml.end()
    }

    /// Writes foreign attributes.
    mutating func attributes(_ attributes: [XMLAttribute]) throws(AtomError) {
        for attribute in attributes {
            try xml.attribute(try qualified(attribute: attribute.name), attribute.value)
        }
    }

    /// Writes a foreign element with what is in it.
    ///
    /// References in the element stay relative to its base, so the base goes along, but for the
    /// children that share it with `outer`.
    mutating func element(
        _ element: XMLElement,
        in outer: URIReference? = nil
    ) throws(AtomError) {
        xml.start(try qualified(element.name))
        if let base = element.base, base != outer {
            // A relative base below another one would be resolved once more when it is read.
            guard outer == nil || base.isAbsolute else {
                throw unwritable(element.name, "a relative base below another one")
            }
            try xml.attribute("xml:base", base.description)
        }
        try attributes(element.attributes)
        if element.children.isEmpty {
            if !element.text.isEmpty { try xml.text(element.text) }
        } else if element.text.isEmpty {
            for child in element.children { try self.element(child, in: element.base ?? outer) }
        } else {
            throw unwritable(element.name, "text beside child elements")
        }
        xml.end()
    }

    /// Returns the name of an element with the prefix that the root declares.
    func qualified(_ name: XMLName) throws(AtomError) -> String {
        guard let namespace = namespaces.first(where: { $0.uri == name.namespace }) else {
            throw unwritable(name, "its namespace has no prefix here")
        }
        return namespace.prefix.isEmpty
            ? name.localName : "\(namespace.prefix):\(name.localName)"
    }

    /// Returns the name of an attribute with the prefix that the root declares.
    private func qualified(attribute name: XMLName) throws(AtomError) -> String {
        if name.namespace.isEmpty { return name.localName }
        if name.namespace == AtomNamespaces.xml { return "xml:\(name.localName)" }
        // The default namespace does not reach attributes (Namespaces in XML 1.0 § 6.2).
        let namespace = namespaces.first { $0.uri == name.namespace && !$0.prefix.isEmpty }
        guard let namespace else { throw unwritable(name, "its namespace has no prefix here") }
        return "\(namespace.prefix):\(name.localName)"
    }

    /// Says that an element or attribute cannot be written.
    private func unwritable(_ name: XMLName, _ reason: String) -> AtomError {
        AtomError(.unwritable, name.description, value: reason)
    }
}
