public import FoundationEssentials
public import HTTPTypes

/// One exchange over HTTP: a request goes out, a whole answer comes back.
///
/// ## For implementers
/// An answer counts only when it was received whole: a body shorter than announced, or without
/// its last chunk, is an error. Interim answers (1xx) are skipped. Redirects are answers like any
/// other; whoever calls decides about them. Nothing is cached, retried or inflated. When the
/// calling task is cancelled, the exchange ends soon and `CancellationError` is thrown.
public protocol HTTPTransport: Sendable {
    /// Sends a request and receives the whole answer.
    ///
    /// - Parameter request: What to ask, and how much to take at the most.
    /// - Returns: The answer, whatever its status.
    /// - Throws: ``ExchangeError``; what ``HTTPExchangeRequest/largerLimit`` throws;
    ///   `CancellationError`.
    func send(_ request: HTTPExchangeRequest) async throws -> HTTPExchangeAnswer
}

/// What one exchange asks for, and how much it takes at the most.
public struct HTTPExchangeRequest: Sendable {
    /// The method.
    public var method: HTTPRequest.Method
    /// An absolute `http` or `https` address without user information and fragment.
    public var address: URL
    /// The fields to send, besides `Host` and those that frame the body.
    public var fields: HTTPFields
    /// The body, if the method has one.
    public var body: [UInt8]?
    /// Bytes of a successful answer's body as it travels, compressed or not; more is an error.
    public var bodyLimit: Int
    /// Decides, once a successful answer has brought more than ``bodyLimit``, how many bytes its
    /// body may have; nil where that limit is the last word.
    ///
    /// It gets the answer with the body as far as it is there, compressed or not. What it throws
    /// ends the exchange, as it is.
    public var largerLimit: (@Sendable (HTTPExchangeAnswer) throws -> Int)?
    /// Bytes of any other answer's body; what is beyond is cut off, because such a body is only
    /// explained, never used.
    public var problemLimit: Int

    /// Describes a request.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - address: An absolute `http` or `https` address.
    ///   - fields: The fields to send.
    ///   - body: The body, if the method has one.
    ///   - bodyLimit: Bytes of a successful answer's body as it travels.
    public init(
        method: HTTPRequest.Method,
        address: URL,
        fields: HTTPFields,
        body: [UInt8]? = nil,
        bodyLimit: Int
    ) {
        self.method = method
        self.address = address
        self.fields = fields
        self.body = body
        self.bodyLimit = bodyLimit
        problemLimit = 64 << 10
    }
}

/// Whether a request said who asks.
public enum CredentialsUse: Hashable, Sendable {
    /// There were no credentials.
    case none
    /// The request had them.
    case sent
    /// There were some for another scheme, host or port.
    case withheld
}

/// A whole answer.
public struct HTTPExchangeAnswer: Sendable {
    /// The status; ``statusClass`` says what an unknown one means.
    public var status: Int
    /// The fields.
    public var fields: HTTPFields
    /// The body as it travelled, or inflated where whoever returns the answer says so.
    public var body: [UInt8]
    /// The address that answered: the last one of a chain of redirects.
    public var address: URL
    /// Whether the request said who asks.
    public var credentials = CredentialsUse.none

    /// Puts an answer together.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - fields: The fields.
    ///   - body: The body.
    ///   - address: The address that answered.
    public init(status: Int, fields: HTTPFields, body: [UInt8], address: URL) {
        self.status = status
        self.fields = fields
        self.body = body
        self.address = address
    }

    /// The hundreds of the status.
    ///
    /// RFC 9110 section 15: an unknown status is the x00 of its class, an invalid one is a 5xx.
    public var statusClass: Int { (100...599).contains(status) ? status / 100 : 5 }
}
