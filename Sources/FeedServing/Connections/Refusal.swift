/// Why a request is answered without anybody looking at what it asks for.
///
/// After a refusal the bytes that follow cannot be trusted to begin a request, so the connection
/// closes after the answer.
enum Refusal: Error, Hashable, Sendable {
    /// It is not HTTP as RFC 9112 has it; the text says what is wrong.
    case malformed(String)
    /// The request target has more bytes than the limit.
    case targetTooLong(limit: Int)
    /// The fields have more bytes, or are more, than the limit.
    case fieldsTooLarge(limit: Int)
    /// The method is not one that HTTP defines.
    case unknownMethod(String, target: String)
    /// The body has a transfer coding other than chunked.
    case unknownTransferCoding(String)
    /// The request is of another major version than HTTP/1.
    case unknownVersion(String)
    /// The request did not arrive in time.
    case tooSlow(seconds: Int)
    /// The server stops and the request is not whole.
    case stopping
    /// There are too many connections.
    case tooManyConnections
}
