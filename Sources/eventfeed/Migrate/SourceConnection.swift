import EventModel
import FeedPages
import FeedReading
import FoundationEssentials
import HTTPTypes
import Logging
import Subscriptions

/// Asks a running Event Store product, politely and again where it is busy or away.
struct SourceConnection: Sendable {
    /// The address that everything is below, without `/` at its end and without credentials.
    let address: String
    private let conversation: WebConversation
    private let settings: FeedWriter.Settings
    private let logger: Logger

    /// Bytes of a whole answer: a page whose events are larger is asked for in parts.
    static let answerBytes = 64 << 20

    /// Prepares to ask; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - text: The server's address, as a person typed it.
    ///   - transport: Carries requests, with the credentials for the source.
    ///   - settings: How long to wait and how often to try again.
    ///   - logger: Gets every repetition at `notice`.
    /// - Throws: ``CommandError`` (`usage`) where it is no address of a server; `SourceError`.
    init(
        _ text: String,
        over transport: any HTTPTransport,
        settings: FeedWriter.Settings,
        logger: Logger
    ) throws {
        guard case .web(let url) = try FeedLocation(text) else {
            throw CommandError(.usage, "\(text) is no http or https address of an Event Store")
        }
        var address = FeedLocation.web(url).description
        while address.hasSuffix("/") { address.removeLast() }
        self.address = address
        conversation = WebConversation(over: transport)
        self.settings = settings
        self.logger = logger
    }

    /// Asks for a resource.
    ///
    /// - Parameters:
    ///   - path: What follows the address, escaped, from `/` on.
    ///   - accept: The media type wanted; one alone, since some versions cannot read lists.
    /// - Returns: An answer with status 200, 400, 404 or 410.
    /// - Throws: ``CommandError`` for any other answer, when patience has ended; `ExchangeError`
    ///   where the answer is too large or broken; `CancellationError`.
    func get(_ path: String, accept: String) async throws -> HTTPExchangeAnswer {
        guard let url = URL(string: address + path) else {
            throw CommandError(.usage, "\(address) is no address of a server")
        }
        var question = WebConversation.Question(
            url,
            bodyLimit: Self.answerBytes,
            deadline: settings.deadline
        )
        question.staysAtOrigin = true
        question.fields[.accept] = accept
        question.fields[Self.resolveLinks] = "False"
        return try await patiently(url) { try await conversation.ask(question) }
    }

    private func patiently(
        _ url: URL,
        _ ask: () async throws -> HTTPExchangeAnswer
    ) async throws -> HTTPExchangeAnswer {
        var failures = 0
        var end: ContinuousClock.Instant?
        while true {
            let trouble: CommandError
            do {
                let answer = try await ask()
                guard let error = try judge(answer, url) else { return answer }
                trouble = error
            } catch let error as ExchangeError {
                switch error.reason {
                case .connection, .deadline: break
                default: throw error
                }
                trouble = CommandError(.unavailable, "\(error)")
            }
            failures += 1
            let pause = settings.backOff.pause(afterFailures: failures)
            let now = ContinuousClock.now
            let limit = end ?? now + settings.patience
            end = limit
            guard now + pause < limit else { throw trouble }
            logger.notice(
                "the source is asked again",
                metadata: ["error": "\(trouble)", "pause": "\(pause)", "failures": "\(failures)"]
            )
            try await Task.sleep(for: pause)
        }
    }

    /// Nil where the answer can be used, the error to throw where asking again does not help.
    private func judge(_ answer: HTTPExchangeAnswer, _ url: URL) throws -> CommandError? {
        let said = "\(url.absoluteString) answered \(answer.status)"
        switch answer.status {
        case 200, 400, 404, 410:
            return nil
        case 401, 403:
            throw CommandError(
                .permission,
                "\(said): give --source-user NAME and --source-password-file FILE of a member of "
                    + "$admins, who alone may read $all"
            )
        case 408, 425, 429, 500...599:
            return CommandError(.unavailable, said)
        default:
            throw CommandError(
                .protocolError,
                "\(said): is this an Event Store with AtomPub over HTTP?"
            )
        }
    }

    private static let resolveLinks = name("ES-ResolveLinkTos")

    private static func name(_ text: StaticString) -> HTTPField.Name {
        // A name of letters and dashes is always one; `Accept` is never reached.
        HTTPField.Name("\(text)") ?? .accept
    }
}
