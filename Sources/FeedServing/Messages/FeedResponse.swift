import HTTPTypes
import NIOCore

/// An answer, before the connection adds what belongs to the connection.
struct FeedResponse: Sendable {
    /// The status code.
    var status: Int
    /// The reason phrase, which may be empty; nil for the standard one of the status.
    ///
    /// The connection makes it safe: see ``ReasonPhrase``.
    var reason: String?
    /// The header fields, without `Date`, `Content-Length` and `Connection`.
    var fields: HTTPFields
    /// The body; for HEAD the one that GET would have.
    var body = ByteBuffer()
    /// Keeps the bytes of the body counted until they are sent.
    var lease: DocumentLease?
    /// Whether the connection must close after it.
    var closesConnection = false

    /// Describes an answer.
    ///
    /// - Parameters:
    ///   - status: The status code.
    ///   - fields: The header fields; `X-Content-Type-Options` is added to all.
    ///   - body: The body.
    init(_ status: Int, fields: HTTPFields = [:], body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.fields = fields
        self.fields[.xContentTypeOptions] = "nosniff"
        self.body = body
    }

    /// The body as an array, for whoever looks into it.
    var bytes: [UInt8] { Array(body.readableBytesView) }
}

/// The values of `Cache-Control`.
enum CachePolicy {
    /// Reuse only after asking.
    static let revalidate = "no-cache"
    /// For what can never change.
    static let immutable = "public, max-age=31536000, immutable"
    /// For answers of the moment.
    static let never = "no-store"
}
