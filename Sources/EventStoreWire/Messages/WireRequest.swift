public import HTTPTypes

/// A request in the Event Store product's interface, apart from its body.
public struct WireRequest: Sendable {
    /// The method as it was sent.
    public var method: String
    /// The path as it was sent, with its escapes.
    public var path: String
    /// What stands after `?`, with its escapes; nil where there is no `?`.
    public var query: String?
    /// The header fields.
    public var fields: HTTPFields
    /// Scheme, host and port that the client used, such as `http://127.0.0.1:2113`, without `/` at
    /// the end; forwarded headers are not yet looked at.
    public var origin: String

    /// Describes a request.
    ///
    /// - Parameters:
    ///   - method: The method as it was sent.
    ///   - path: The path as it was sent.
    ///   - query: What stands after `?`.
    ///   - fields: The header fields.
    ///   - origin: Scheme, host and port that the client used.
    public init(
        _ method: String,
        _ path: String,
        query: String? = nil,
        fields: HTTPFields = [:],
        origin: String
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.origin = origin
    }
}
