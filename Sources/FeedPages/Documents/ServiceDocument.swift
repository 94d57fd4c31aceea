public import EventModel

/// The AtomPub service document (RFC 5023 section 8) at `/`.
public struct ServiceDocument: Hashable, Sendable {
    /// What is fixed about the store.
    public let identity: StoreIdentity
    /// The limits in force.
    public let limits: WireLimits

    /// Describes a server.
    ///
    /// - Parameters:
    ///   - identity: What is fixed about the store.
    ///   - limits: The limits in force.
    public init(identity: StoreIdentity, limits: WireLimits) {
        self.identity = identity
        self.limits = limits
    }

    /// `application/atomsvc+xml`.
    public static let mediaType = "application/atomsvc+xml"

    /// Renders the document.
    ///
    /// - Returns: The whole body.
    public func render() -> [UInt8] { fatalError("soon") }

    /// Finds the feed of a server: the first collection of its service document.
    ///
    /// - Parameter bytes: A service document.
    /// - Returns: The collection's address, resolved against `xml:base` as far as there is one.
    /// - Throws: ``FeedFormatError`` where the bytes are no service document or have no collection.
    public static func feedReference(in bytes: [UInt8]) throws(FeedFormatError) -> String {
        fatalError("soon")
    }
}

/// The AtomPub category document (RFC 5023 section 7) at `/categories`.
public enum CategoryDocument {
    /// `application/atomcat+xml`.
    public static let mediaType = "application/atomcat+xml"

    /// Renders the document: any type may be used.
    ///
    /// - Returns: The whole body.
    public static func render() -> [UInt8] { fatalError("soon") }
}
