import NIOCore
import NIOHTTP1

/// What a connection brings, in order.
enum RequestPart: Sendable {
    /// The head of a request that passed ``RequestHeadCheck``.
    case head(HTTPRequestHead, fieldsAreUTF8: Bool)
    /// Some bytes of its body.
    case body(ByteBuffer)
    /// The request is whole.
    case end
    /// What came instead of the next part; nothing follows.
    case refused(Refusal)
}
