/// A name in a namespace, as Namespaces in XML 1.0 has it.
///
/// Prefixes do not belong to a name: `ef:event` and `x:event` are one name where both prefixes
/// stand for one namespace.
public struct XMLName: Hashable, Sendable, CustomStringConvertible {
    /// The namespace's URI, compared character by character; empty for a name in none.
    public let namespace: String
    /// The name without a prefix.
    public let localName: String

    /// Puts a namespace and a local name together; nothing is checked.
    ///
    /// - Parameters:
    ///   - namespace: The namespace's URI; empty for none, which is what an attribute without a
    ///     prefix has.
    ///   - localName: The name without a prefix.
    public init(_ namespace: String, _ localName: String) {
        self.namespace = namespace
        self.localName = localName
    }

    /// The name in Clark's notation, `{urn:eventfeed:1}event`.
    public var description: String {
        namespace.isEmpty ? localName : "{\(namespace)}\(localName)"
    }
}

/// An attribute with its value.
public struct XMLAttribute: Hashable, Sendable {
    /// The attribute's name; one without a prefix has no namespace.
    public let name: XMLName
    /// The value after the parser's normalisation, without any escapes.
    public let value: String

    /// Gives an attribute its value.
    ///
    /// - Parameters:
    ///   - name: The attribute's name.
    ///   - value: The value, unescaped.
    public init(_ name: XMLName, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A namespace and the prefix that a writer declares for it.
public struct XMLNamespace: Hashable, Sendable {
    /// The prefix; empty for the default namespace.
    public let prefix: String
    /// The namespace's URI.
    public let uri: String

    /// Ties a prefix to a namespace.
    ///
    /// - Parameters:
    ///   - prefix: The prefix; empty makes it the default namespace.
    ///   - uri: The namespace's URI.
    public init(prefix: String, uri: String) {
        self.prefix = prefix
        self.uri = uri
    }
}
