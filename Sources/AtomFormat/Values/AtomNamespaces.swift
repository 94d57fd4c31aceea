/// The namespaces that this module knows.
public enum AtomNamespaces {
    /// Feeds, entries and what is in them (RFC 4287 § 1.2).
    public static let atom = "http://www.w3.org/2005/Atom"
    /// Service and category documents (RFC 5023 § 3).
    public static let publishing = "http://www.w3.org/2007/app"
    /// Archives (RFC 5005 § 1.2).
    public static let history = "http://purl.org/syndication/history/1.0"
    /// Attributes such as `xml:base`, whose prefix is never declared.
    public static let xml = "http://www.w3.org/XML/1998/namespace"
    /// XHTML, in which a text of type `xhtml` is marked up (RFC 4287 § 3.1.1.3).
    public static let xhtml = "http://www.w3.org/1999/xhtml"
}
