/// Where the body of a request ends (RFC 9112 section 6.3).
enum RequestFraming: Hashable, Sendable {
    /// There is no body.
    case none
    /// The body has this many bytes, at least one.
    case length(Int)
    /// The body is chunked.
    case chunked
}

/// The head of a request as far as it must be understood before the HTTP parser sees it.
struct CheckedHead: Hashable, Sendable {
    /// Where the body ends.
    var framing: RequestFraming
    /// The head without fields that would make the parser leave HTTP/1.1 (`Upgrade`).
    var bytes: [UInt8]
}
