public import HTTPTypes

/// An answer in the Event Store product's interface, before the connection adds what is its own.
public struct WireResponse: Sendable {
    /// The status code.
    public var status: Int
    /// The reason phrase, which clients of this interface read; it may be empty.
    public var reason: String
    /// The header fields, without `Date`, `Content-Length` and `Connection`.
    public var fields: HTTPFields
    /// The body; for HEAD the one that GET would have.
    public var body: [UInt8]
    /// Whether the body is the document that the connection holds.
    public var sendsHeldDocument = false
    /// What went wrong where the client is not at fault, for the log; nil otherwise.
    public var cause: (any Error)?

    /// Describes an answer.
    ///
    /// - Parameters:
    ///   - status: The status code.
    ///   - reason: The reason phrase.
    ///   - fields: The header fields.
    ///   - body: The body.
    public init(_ status: Int, _ reason: String, fields: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.reason = reason
        self.fields = fields
        self.body = body
    }
}
