import EventModel
import FeedPages
import FoundationEssentials
import HTTPTypes
import Subscriptions

/// Fetches documents over HTTP.
struct WebReader: DocumentReader {
    let address: String
    let start: URL
    let mayAnswerQueries = true

    private let conversation: WebConversation
    private let deadline: Duration

    init(_ address: URL, over transport: any HTTPTransport, deadline: Duration) {
        start = address.withoutUserAndFragment
        self.address = start.absoluteString
        conversation = WebConversation(over: transport)
        self.deadline = deadline
    }

    /// Goes on in a conversation that has begun.
    init(_ address: URL, over conversation: WebConversation, deadline: Duration) {
        start = address
        self.address = address.absoluteString
        self.conversation = conversation
        self.deadline = deadline
    }

    func read(_ question: DocumentQuestion) async throws -> DocumentAnswer {
        let answer: HTTPExchangeAnswer
        do {
            answer = try await conversation.ask(asking(question))
        } catch let error as ExchangeError {
            throw SourceError(error)
        } catch let error as FeedFormatError {
            let name = question.address.withoutUserAndFragment.absoluteString
            throw SourceError(error, at: name, isFirst: question.isFirst)
        }
        switch answer.statusClass {
        case 2 where answer.status != 206:
            return .document(try document(answer, question))
        case 3 where answer.status == 304:
            // RFC 9110 section 15.4.5: 304 only means something to a conditional request.
            guard question.tag != nil else {
                throw SourceError(
                    .malformedDocument,
                    "\(answer.name) answered 304 to a question without a condition",
                    difference: .status(304)
                )
            }
            return .unchanged
        default:
            throw SourceError(refusing: answer)
        }
    }

    private func asking(_ question: DocumentQuestion) -> WebConversation.Question {
        var asked = WebConversation.Question(
            question.address,
            bodyLimit: question.limit.most,
            deadline: deadline
        )
        asked.limit(to: question.limit)
        asked.fields[.accept] = question.kind.accept
        asked.fields[.ifNoneMatch] = question.tag
        asked.staysAtOrigin = question.kind == .value
        if let wait = question.wait, wait > .zero {
            // A hint is never refused, whatever limit the server has (RFC 7240 section 4.3).
            let seconds = min(60, max(1, wait.components.seconds))
            asked.fields[.prefer] = "wait=\(seconds)"
            asked.deadline += .seconds(seconds)
        }
        return asked
    }

    private func document(_ answer: HTTPExchangeAnswer, _ question: DocumentQuestion)
        throws(SourceError) -> FetchedDocument
    {
        let mediaType = answer.fields[.contentType].map {
            String(($0.split(separator: ";").first.map(String.init) ?? "").trimmed).lowercased()
        }
        guard mediaType != nil || question.kind == .value else {
            throw SourceError(
                .malformedDocument,
                "\(answer.name) came without a Content-Type, so it is no Atom feed"
            )
        }
        guard question.kind.accepts(mediaType) else {
            throw SourceError(
                .wrongMediaType,
                "\(answer.name) is \(excerpt(mediaType ?? "")), not an Atom feed: this is no event "
                    + "feed, or something stands between (a log-in page, say)"
            )
        }
        return FetchedDocument(
            bytes: answer.body,
            address: answer.address,
            tag: answer.fields[.eTag],
            mediaType: mediaType
        )
    }
}

extension DocumentQuestion.Kind {
    fileprivate var accept: String {
        switch self {
        case .feed: "application/atom+xml"
        case .entry: "application/atom+xml;type=entry"
        case .start: "application/atom+xml, application/atomsvc+xml;q=0.9"
        case .value: "*/*"
        }
    }

    /// Whether a media type is one that was asked for.
    fileprivate func accepts(_ mediaType: String?) -> Bool {
        switch mediaType {
        case "application/atom+xml", "application/xml", "text/xml": true
        case ServiceDocument.mediaType: self == .start || self == .value
        default: self == .value
        }
    }
}

extension HTTPExchangeAnswer {
    /// The answer's address in messages.
    var name: String { address.absoluteString }
}
