import EventModel
import FeedPages
import FeedReading
import FoundationEssentials
import HTTPTypes
import Logging
import Subscriptions

/// The target's resource `/streams/{name}`: for events that `POST /events` does not take, and to
/// learn how many events a stream has, whatever became of them.
struct TargetStreams: Sendable {
    private let root: URL
    private let conversation: WebConversation
    private let settings: FeedWriter.Settings
    private let logger: Logger

    init(
        to location: FeedLocation,
        over transport: any HTTPTransport,
        settings: FeedWriter.Settings,
        logger: Logger
    ) throws(SourceError) {
        root = try ServerRoot.of(location)
        conversation = WebConversation(over: transport)
        self.settings = settings
        self.logger = logger
    }

    /// How many events a stream has, those that cannot be read any more included.
    ///
    /// - Throws: ``CommandError``, `CancellationError`.
    func count(of stream: StreamName) async throws -> Int64 {
        // Nothing that a stream can have is expected, so that nothing is recorded.
        let probe = NewEvent(id: .timeOrdered(), stream: stream, type: .link, data: .json("{}"))
        let answer = try await post([probe], to: stream, expecting: .max - 1)
        if answer.status == 400,
            let last = answer.fields[Self.currentVersion].flatMap({ Int64($0) })
        {
            return last + 1
        }
        throw refusal(answer)
    }

    /// Records events of one stream with the ids that they have, even where other events have them.
    ///
    /// - Parameters:
    ///   - events: The events, all of one stream.
    ///   - count: How many events the stream has.
    /// - Throws: ``CommandError`` also where the stream has another count; `CancellationError`.
    func append(_ events: [NewEvent], after count: Int64) async throws {
        let answer = try await post(events, to: events[0].stream, expecting: count - 1)
        guard answer.status == 201 else { throw refusal(answer) }
    }

    private func post(_ events: [NewEvent], to stream: StreamName, expecting number: Int64)
        async throws -> HTTPExchangeAnswer
    {
        let path = "streams/" + PercentEncoding.encode(stream.text)
        guard let url = URL(string: path, relativeTo: root)?.absoluteURL else {
            throw CommandError(.usage, "\(root.absoluteString) is no server's address")
        }
        var question = WebConversation.Question(
            url,
            bodyLimit: 1 << 20,
            deadline: settings.deadline
        )
        question.method = .post
        question.staysAtOrigin = true
        question.fields[.contentType] = "application/vnd.eventfeed.events+ndjson"
        question.fields[Self.expectedVersion] = String(number)
        question.body = events.flatMap { $0.line() }
        var failures = 0
        var end: ContinuousClock.Instant?
        while true {
            let trouble: any Error
            do {
                let answer = try await conversation.ask(question)
                guard [408, 425, 429].contains(answer.status) || answer.status >= 500 else {
                    return answer
                }
                trouble = refusal(answer)
            } catch let error as ExchangeError {
                trouble = error
            }
            failures += 1
            let pause = settings.backOff.pause(afterFailures: failures)
            let limit = end ?? .now + settings.patience
            end = limit
            guard .now + pause < limit else { throw trouble }
            logger.notice("append is tried again", metadata: ["error": "\(trouble)"])
            try await Task.sleep(for: pause)
        }
    }

    private func refusal(_ answer: HTTPExchangeAnswer) -> CommandError {
        let said = "\(answer.address.absoluteString) answered \(answer.status)"
        switch answer.status {
        case 400:
            return CommandError(
                .temporary,
                "\(said): somebody else writes to the stream; let nobody, and run it again"
            )
        case 401, 403:
            return CommandError(
                .permission,
                "\(said): give --user NAME who may write to every stream"
            )
        case 404, 405, 415:
            return CommandError(.protocolError, "\(said): is this an EventFeed server?")
        case 410:
            return CommandError(
                .dataError,
                "\(said): the stream has ended for ever in the target"
            )
        case 408, 425, 429, 500...599:
            return CommandError(.unavailable, said)
        default:
            return CommandError(.dataError, said)
        }
    }

    private static let expectedVersion = name("ES-ExpectedVersion")
    private static let currentVersion = name("ES-CurrentVersion")

    private static func name(_ text: StaticString) -> HTTPField.Name {
        // A name of letters and dashes is always one; `Accept` is never reached.
        HTTPField.Name("\(text)") ?? .accept
    }
}
