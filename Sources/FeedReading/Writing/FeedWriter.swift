public import EventModel
import FeedPages
import FoundationEssentials
import HTTPTypes
public import Logging
public import Subscriptions

/// Appends events to a store behind a server.
///
/// Errors are those that a store in this process would throw. A connection that breaks, or a
/// server that is busy or being restarted, is tried again for a while: every event has an id, so
/// an append whose answer was lost is recorded once, and the repetition gets the first result.
public struct FeedWriter: Sendable {
    /// How long to wait and how often to try again.
    public struct Settings: Sendable {
        /// How long one whole answer may take: 60 seconds.
        public var deadline: Duration
        /// For how long after its first failure an append is tried again: 60 seconds.
        public var patience: Duration
        /// The pauses between tries: 200 milliseconds to 5 seconds.
        public var backOff: BackOff

        /// 60 seconds, 60 seconds, 200 milliseconds to 5 seconds.
        public static let standard = Settings()

        /// Sets how long to wait and how often to try again.
        ///
        /// - Parameters:
        ///   - deadline: How long one whole answer may take.
        ///   - patience: For how long after its first failure an append is tried again; zero never
        ///     tries again.
        ///   - backOff: The pauses between tries.
        public init(
            deadline: Duration = .seconds(60),
            patience: Duration = .seconds(60),
            backOff: BackOff = BackOff(minimum: .milliseconds(200), maximum: .seconds(5))
        ) {
            self.deadline = deadline
            self.patience = patience
            self.backOff = backOff
        }
    }

    private let root: URL
    private let conversation: WebConversation
    private let settings: Settings
    private let logger: Logger

    /// Prepares to append; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - location: The address of the server, or of its feed.
    ///   - transport: Carries requests.
    ///   - settings: How long to wait and how often to try again.
    ///   - logger: Gets every repetition at `notice`.
    /// - Throws: `SourceError` (`unusableAddress`) for a folder.
    public init(
        to location: FeedLocation,
        over transport: any HTTPTransport,
        settings: Settings = .standard,
        logger: Logger
    ) throws(SourceError) {
        let root = try ServerRoot.of(location)
        self.root = root.withoutUserAndFragment
        conversation = WebConversation(over: transport)
        self.settings = settings
        self.logger = logger
    }

    /// Where events are appended, without credentials.
    public var address: String { root.absoluteString }

    /// Records all events of a batch, or none, with `POST /events`.
    ///
    /// When this throws `EventStoreError` with code `unavailable` or `io`, the append may have
    /// happened: repeating the same batch says so and harms nothing. The same is true where the
    /// task is cancelled while the request is on its way.
    ///
    /// - Parameter batch: The events and what is expected of their streams.
    /// - Returns: The numbers and versions given, or those of the append that this one repeats.
    /// - Throws: `VersionConflict`, `StreamDeleted`, `DuplicateEvent`, `PartlyRecorded`,
    ///   `LimitExceeded`; `EventStoreError`, with code `unsupported` for ids that count in a stream
    ///   and for an expectation of a stream without an event in the batch; ``RequestRefused`` for
    ///   any other refusal; `CancellationError`.
    @discardableResult
    public func append(_ batch: AppendBatch) async throws -> AppendResult {
        try Self.refuseWhatHasNoWords(batch)
        var question = try question(.events)
        question.fields[.contentType] = FeedForm.ndjson.feedMediaType
        question.body = Self.lines(of: batch)
        return try await send(question, batch)
    }

    /// Records one event with `POST /feed/streams/{name}`, where its metadata fits into a header;
    /// otherwise as ``append(_:)``.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - expected: What must hold of its stream.
    /// - Returns: The number and version given, or those of the append that this one repeats.
    /// - Throws: As ``append(_:)``, and what makes the event no append: `LimitExceeded`.
    @discardableResult
    public func append(_ event: NewEvent, expecting expected: ExpectedVersion = .any) async throws
        -> AppendResult
    {
        let batch = try AppendBatch([event], expecting: [event.stream: expected])
        guard let fields = Self.fields(of: event, expecting: expected) else {
            return try await append(batch)
        }
        var question = try question(.stream(event.stream))
        question.fields = fields
        question.body = event.data.bytes
        return try await send(question, batch)
    }

    private func question(_ address: FeedAddress) throws -> WebConversation.Question {
        guard let url = URL(string: address.relativePath, relativeTo: root)?.absoluteURL else {
            throw SourceError(.unusableAddress, "\(root.absoluteString) is no server's address")
        }
        var question = WebConversation.Question(
            url,
            // Every stream of the batch with its version.
            bodyLimit: 16 << 20,
            deadline: settings.deadline
        )
        question.method = .post
        // Ten thousand known ids with their numbers.
        question.problemLimit = 2 << 20
        question.fields[.accept] = "application/json"
        return question
    }

    /// Sends until there is an answer that stands, or patience ends.
    private func send(_ question: WebConversation.Question, _ batch: AppendBatch) async throws
        -> AppendResult
    {
        var failures = 0
        var end: ContinuousClock.Instant?
        while true {
            do {
                return try await sendOnce(question, batch)
            } catch let error as EventStoreError where error.code == .unavailable {
                failures += 1
                let now = ContinuousClock.now
                let wish = (error.cause as? RequestRefused)?.retryAfter ?? .zero
                let pause = max(settings.backOff.pause(afterFailures: failures), wish)
                let limit = end ?? now + settings.patience
                end = limit
                guard now + pause < limit else { throw error }
                logger.notice(
                    "append is tried again",
                    metadata: ["error": "\(error)", "pause": "\(pause)", "failures": "\(failures)"]
                )
                try await Task.sleep(for: pause)
            }
        }
    }

    private func sendOnce(_ question: WebConversation.Question, _ batch: AppendBatch) async throws
        -> AppendResult
    {
        let answer: HTTPExchangeAnswer
        do {
            answer = try await conversation.ask(question)
        } catch let error as ExchangeError {
            throw StoreAnswer.error(error)
        }
        guard answer.status == 200 || answer.status == 201 else {
            throw AppendOutcome.error(answer, to: batch)
        }
        return try AppendOutcome.result(answer)
    }

    /// Refuses what lines of events cannot say.
    private static func refuseWhatHasNoWords(_ batch: AppendBatch) throws(EventStoreError) {
        guard batch.ids == .store else {
            throw EventStoreError(
                .unsupported,
                "over HTTP the ids of events count in the whole store: give each its own"
            )
        }
        let streams = Set(batch.events.map(\.stream))
        if let stranger = batch.expectations.keys.sorted().first(where: { !streams.contains($0) }) {
            throw EventStoreError(
                .unsupported,
                "over HTTP nothing can be expected of stream \"\(stranger)\", of which the append "
                    + "has no event: expect something of its metadata stream"
            )
        }
    }

    /// The body of `POST /events`: what is expected of a stream stands on its first line.
    private static func lines(of batch: AppendBatch) -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(batch.byteCount + batch.events.count * 200)
        var seen: Set<StreamName> = []
        for event in batch.events {
            let isFirst = seen.insert(event.stream).inserted
            lines += event.line(expecting: isFirst ? batch.expectations[event.stream] : nil)
        }
        return lines
    }

    /// The header fields of an event whose data is the body; nil where they cannot carry it.
    private static func fields(of event: NewEvent, expecting expected: ExpectedVersion)
        -> HTTPFields?
    {
        // This media type would make the body an entry.
        guard event.data.mediaType.essence != "application/atom+xml" else { return nil }
        var fields = HTTPFields()
        fields[.accept] = "application/json"
        fields[.contentType] = event.data.mediaType.text
        fields[.eventType] = event.type.text
        fields[.eventID] = event.id.description
        if let metadata = event.metadata {
            let isPlain = metadata.bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            guard isPlain, metadata.mediaType == .json, metadata.bytes.first != 0x20,
                metadata.bytes.last != 0x20,
                metadata.bytes.count <= WireLimits.standard.metadataHeaderBytes,
                let text = String(validating: metadata.bytes, as: UTF8.self)
            else { return nil }
            fields[.eventMetadata] = text
        }
        switch expected {
        case .any: break
        case .exists: fields[.ifMatch] = "*"
        case .none, .exactly(.empty): fields[.ifNoneMatch] = "*"
        case .exactly(let version): fields[.ifMatch] = "\"\(version)\""
        }
        return fields
    }
}
