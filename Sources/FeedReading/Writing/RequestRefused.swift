import EventModel
public import FeedPages
import HTTPTypes

/// A server answered a request with a refusal that no error of the event model stands for, or that
/// is the cause of one.
public struct RequestRefused: Error, Sendable, CustomStringConvertible {
    /// The address that was asked, without user information.
    public let address: String
    /// The HTTP status.
    public let status: Int
    /// What the server said about it, if it did so in a form that programs can read.
    public let problem: ProblemDetails?
    /// How long the server asks to be left alone.
    public let retryAfter: Duration?

    private let said: String

    init(_ answer: HTTPExchangeAnswer) {
        address = answer.name
        status = answer.status
        problem = answer.problem
        retryAfter = RetryAfter.parse(answer.fields[.retryAfter], now: .now())
        said = [excerpt(problem?.detail ?? answer.bodyExcerpt, limit: 480), answer.accessAdvice]
            .compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// One sentence with the address, the status and what the server said.
    public var description: String {
        "\(address) answered \(status)" + (said.isEmpty ? "" : ": \(said)")
    }
}
