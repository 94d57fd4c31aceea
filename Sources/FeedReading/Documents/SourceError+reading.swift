import EventModel
import FeedPages
import HTTPTypes
import Subscriptions

// The one place where it is decided what a broken exchange, an answer that is no success, and a
// document that is refused mean to a subscription.

extension SourceError {
    /// Classes an exchange that brought no usable answer.
    init(_ error: ExchangeError) {
        self.init(Self.code(of: error.reason), error.description, cause: error)
    }

    private static func code(of reason: ExchangeError.Reason) -> Code {
        switch reason {
        case .connection: .unreachable
        case .deadline: .timedOut
        case .malformed, .coding, .compression: .malformedDocument
        case .tooLarge, .tooLargeInflated: .tooLarge
        case .untrusted: .untrusted
        case .redirect: .forbiddenRedirect
        case .address: .unusableAddress
        }
    }

    /// Classes an answer that is no success.
    init(refusing answer: HTTPExchangeAnswer) {
        let problem = answer.problem
        if let problem, let error = Self.of(problem, at: answer.name) {
            self = error
            return
        }
        let retryAfter = RetryAfter.parse(answer.fields[.retryAfter], now: answer.date)
        let said = problem?.detail ?? answer.bodyExcerpt
        self.init(
            Self.code(of: answer),
            "\(answer.name) answered \(answer.status)"
                + (said.isEmpty ? "" : ": \(excerpt(said))")
                + (answer.accessAdvice.map { "; \($0)" } ?? ""),
            difference: .status(answer.status),
            retryAfter: retryAfter,
            cause: problem
        )
    }

    private static func code(of answer: HTTPExchangeAnswer) -> Code {
        switch answer.status {
        case 401, 403, 407: .unauthorised
        case 408, 425, 429: .unavailable
        default:
            switch answer.statusClass {
            case 4: .refused
            case 5: .unavailable
            // A redirect that is none, a part that nobody asked for, 101.
            default: .malformedDocument
            }
        }
    }

    /// What a problem that every client must know means; nil for all others.
    private static func of(_ problem: ProblemDetails, at address: String) -> SourceError? {
        guard let epoch = problem.text("epoch").flatMap({ Epoch($0) }),
            let head = problem.number("head").flatMap(EventNumber.init(rawValue:))
        else { return nil }
        switch problem.kind {
        case .afterHead:
            guard let after = problem.number("after").flatMap(EventNumber.init(rawValue:)) else {
                return nil
            }
            return .afterHead(AfterHead(after: after, head: head, epoch: epoch), address: address)
        case .anotherEpoch:
            return SourceError(
                .anotherEpoch,
                "\(address) now belongs to epoch \(epoch): \(excerpt(problem.detail))",
                cause: problem
            )
        default:
            return nil
        }
    }

    /// Classes a document that must be refused.
    ///
    /// - Parameters:
    ///   - error: Why it is refused.
    ///   - address: Where it came from.
    ///   - isFirst: Whether nothing of the feed was read before, so that the address may be wrong.
    init(_ error: FeedFormatError, at address: String, isFirst: Bool) {
        let code: Code =
            switch error.code {
            case .notAnEventFeed: isFirst ? .notAnEventFeed : .malformedDocument
            case .unknownFormat: .unsupportedFormat
            case .tooLarge: .tooLarge
            case .hole: .hole
            case .wrongDigest: .changedDocument
            default: .malformedDocument
            }
        let advice =
            error.code == .notAnEventFeed ? ": this is no event feed, it has no ef:feed" : ""
        self.init(code, "\(address)\(advice): \(error)", cause: error)
    }
}

extension HTTPExchangeAnswer {
    /// The problem that the answer explains itself with, if it does.
    var problem: ProblemDetails? {
        let mediaType = fields[.contentType]?.lowercased() ?? ""
        guard mediaType.hasPrefix(ProblemDetails.mediaType) else { return nil }
        return ProblemDetails(body, status: status)
    }

    /// The present by the clock of whoever answered, by which it also reckons when to ask again;
    /// by our own clock where `Date` says nothing.
    fileprivate var date: Timestamp {
        let now = Timestamp.now()
        return fields[.date].flatMap { HTTPDate.parse($0, now: now) } ?? now
    }

    /// What to do about an answer that wants to know who asks; nil for all others.
    var accessAdvice: String? {
        guard status == 401 || status == 403 else { return nil }
        return switch (status, credentials) {
        case (_, .withheld):
            "it is another scheme, host or port than that of the user's name and password, which "
                + "were not sent: give this address"
        case (401, .sent): "it does not accept the user's name and password"
        case (_, .sent): "ask as a user who may do this, or have this one allowed to"
        case (_, .none): "it wants a user's name and password, and got none"
        }
    }

    /// The beginning of a body for people, where it is text.
    var bodyExcerpt: String {
        let mediaType = fields[.contentType]?.lowercased() ?? ""
        guard mediaType.hasPrefix("text/plain") || mediaType.contains("json") else { return "" }
        return excerpt(String(decoding: body.prefix(480), as: UTF8.self))
    }
}
