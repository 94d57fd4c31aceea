/// An element of somebody else's vocabulary, kept as it stands.
///
/// Elements are kept only from the namespaces for which the parser was asked, and only as direct
/// children of a feed, an entry or a service; everything else that is foreign is skipped.
public struct XMLElement: Hashable, Sendable {
    /// The element's name.
    public var name: XMLName
    /// The attributes in the order of the document, without namespace declarations.
    public var attributes: [XMLAttribute]
    /// The character data that stands directly in the element, in one piece.
    ///
    /// Character data inside of ``children`` is theirs.
    public var text: String
    /// The child elements in the order of the document, whatever their namespace.
    public var children: [XMLElement]
    /// The `xml:base` in scope, against which references in this element are resolved.
    public var base: URIReference?

    /// Makes an element.
    ///
    /// - Parameters:
    ///   - name: The element's name.
    ///   - attributes: The attributes in the order in which they are written.
    ///   - text: The character data; a writer refuses it beside `children`.
    ///   - children: The child elements.
    public init(
        _ name: XMLName,
        attributes: [XMLAttribute] = [],
        text: String = "",
        children: [XMLElement] = []
    ) {
        self.name = name
        self.attributes = attributes
        self.text = text
        self.children = children
    }

    /// Returns the value of an attribute without a namespace.
    ///
    /// - Parameter localName: The attribute's name.
    /// - Returns: Its value; `nil` if the element does not have it.
    public func attribute(_ localName: String) -> String? {
        attribute(XMLName("", localName))
    }

    /// Returns the value of an attribute.
    ///
    /// - Parameter name: The attribute's name.
    /// - Returns: Its value; `nil` if the element does not have it.
    public func attribute(_ name: XMLName) -> String? {
        attributes.first { $0.name == name }?.value
    }

    /// Resolves a reference that stands in this element.
    ///
    /// - Parameter reference: The reference as written.
    /// - Returns: The reference resolved against ``base``, as written where there is no base.
    public func resolve(_ reference: String) -> String {
        URIReference.resolve(reference, against: base)
    }
}
