import AtomFormat
import EventModel
import FeedPages
import FoundationEssentials
import HTTPTypes
import Subscriptions

/// Asks a server what a store is asked, and reads the answers.
struct StoreConversation: Sendable {
    /// The root of the server's interface, without user information.
    let root: URL
    private let conversation: WebConversation
    private let deadline: Duration

    init(_ location: FeedLocation, over transport: any HTTPTransport, deadline: Duration)
        throws(SourceError)
    {
        let root = try ServerRoot.of(location)
        self.root = root.withoutUserAndFragment
        conversation = WebConversation(over: transport)
        self.deadline = deadline
    }

    /// Asks for a resource, and throws whatever is not in `expected`.
    func ask(
        _ address: FeedAddress,
        query: String? = nil,
        expecting expected: Set<Int> = [200],
        _ change: (inout WebConversation.Question) -> Void = { _ in }
    ) async throws -> HTTPExchangeAnswer {
        let reference = address.relativePath + (query.map { "?\($0)" } ?? "")
        guard
            let url = reference.isEmpty
                ? root : URL(string: reference, relativeTo: root)?.absoluteURL
        else {
            throw EventStoreError(.io, "\(root.absoluteString) is no server's address")
        }
        var question = WebConversation.Question(
            url,
            bodyLimit: WireLimits.answerDocumentBytes,
            deadline: deadline
        )
        change(&question)
        let answer: HTTPExchangeAnswer
        do {
            answer = try await conversation.ask(question)
        } catch let error as ExchangeError {
            throw StoreAnswer.error(error)
        } catch let error as FeedFormatError {
            throw EventStoreError(.corrupt, "\(url.absoluteString): \(error)", cause: error)
        }
        guard expected.contains(answer.status) else {
            throw StoreAnswer.readError(RequestRefused(answer))
        }
        return answer
    }

    /// Reads a feed document.
    func feed(_ answer: HTTPExchangeAnswer) throws(EventStoreError) -> ParsedFeed {
        do throws(FeedFormatError) {
            return try ParsedFeed.parse(answer.body, .atom)
        } catch {
            throw Self.corrupt(answer, error)
        }
    }

    /// What it means that a server sent a document that must be refused.
    static func corrupt(_ answer: HTTPExchangeAnswer, _ error: any Error) -> EventStoreError {
        EventStoreError(.corrupt, "\(answer.name): \(error)", cause: error)
    }

    /// The events of entries, with the values that stand elsewhere.
    func events(of entries: [ParsedEntry], in answer: HTTPExchangeAnswer) async throws
        -> [RecordedEvent]
    {
        let part = ValueFetcher.Part(entries: entries[...], address: answer.address)
        let reader = WebReader(root, over: conversation, deadline: deadline)
        do {
            return try await ValueFetcher(reader, requestsAtOnce: 4).events(of: [part])
        } catch let error as SourceError {
            let code: EventStoreError.Code = error.kind == .transient ? .unavailable : .corrupt
            throw EventStoreError(code, error.message, cause: error)
        }
    }
}

extension StoreAnswer {
    /// The error of a store that the refusal of a read stands for.
    static func readError(_ refused: RequestRefused) -> any Error {
        guard let problem = refused.problem, problem.kind == .afterHead,
            let after = problem.number("after").flatMap(EventNumber.init(rawValue:)),
            let head = problem.number("head").flatMap(EventNumber.init(rawValue:)),
            let epoch = problem.text("epoch").flatMap({ Epoch($0) })
        else { return error(refused) }
        return AfterHead(after: after, head: head, epoch: epoch)
    }
}
