/// An exchange over HTTP that did not bring a whole, usable answer.
public struct ExchangeError: Error, Sendable, CustomStringConvertible {
    /// What went wrong.
    public enum Reason: Hashable, Sendable {
        /// The connection could not be made, or broke; the text says how.
        case connection(String)
        /// The whole answer did not arrive within this time.
        case deadline(Duration)
        /// The answer is not HTTP, or ended before its end; the text says how.
        case malformed(String)
        /// The body is larger than this many bytes as it travels.
        case tooLarge(limit: Int)
        /// The body inflates to more than this many bytes.
        case tooLargeInflated(limit: Int)
        /// The body has a coding that was not asked for.
        case coding(String)
        /// The compressed body is damaged or cut off.
        case compression(String)
        /// The answer leads somewhere that is not followed; the text says where and why.
        case redirect(String)
        /// The server cannot prove that it is the one that was asked; the text says why.
        case untrusted(String)
        /// The address is no `http` or `https` address that a request can be sent to.
        case address(String)
    }

    /// What went wrong.
    public let reason: Reason
    /// The address that was asked, without user information.
    public let address: String

    /// States what went wrong.
    ///
    /// - Parameters:
    ///   - reason: What went wrong.
    ///   - address: The address that was asked, without user information.
    public init(_ reason: Reason, address: String) {
        self.reason = reason
        self.address = address
    }

    /// One sentence with the address and the facts.
    public var description: String { "\(address): \(explanation)" }

    private var explanation: String {
        switch reason {
        case .connection(let text): text
        case .deadline(let limit): "no whole answer within \(limit)"
        case .malformed(let text): "the answer is broken: \(text)"
        case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .tooLargeInflated(let limit): "the answer inflates to more than \(limit) bytes"
        case .coding(let name): "the answer has the coding \"\(name)\", which was not asked for"
        case .compression(let text): "the compressed answer is damaged: \(text)"
        case .redirect(let text): text
        case .untrusted(let text): text
        case .address(let text): text
        }
    }
}
