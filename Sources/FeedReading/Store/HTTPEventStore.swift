public import EventModel
import FeedPages
import FoundationEssentials
import HTTPTypes
public import Logging
import Subscriptions
import Synchronization

/// A store behind a server, with all that a store in this process can do.
///
/// Every method is one exchange or a few; nothing is cached but the newest event's chain and time.
/// Errors are those of a store in this process, so that whoever uses one cannot tell them apart.
public struct HTTPEventStore: EventStore {
    /// What was fixed when the store was created, as the server stated it when this was opened.
    public let identity: StoreIdentity
    /// What the server takes at the most, as far as it states it.
    public let limits: Limits

    let conversation: StoreConversation
    private let writer: FeedWriter
    private let newest: Newest

    /// The newest event that was looked at: it never changes, so that asking once is enough.
    private final class Newest: Sendable {
        let head = Mutex(Head.empty)
    }

    /// Asks a server what its store is.
    ///
    /// - Parameters:
    ///   - location: The address of the server, or of its feed.
    ///   - transport: Carries requests.
    ///   - settings: How long to wait, and how often appends are tried again.
    ///   - logger: Gets repetitions of appends at `notice`.
    /// - Returns: The store; it lives as long as the transport.
    /// - Throws: `SourceError` (`unusableAddress`), `EventStoreError`, ``RequestRefused``;
    ///   `CancellationError`.
    public static func open(
        at location: FeedLocation,
        over transport: any HTTPTransport,
        settings: FeedWriter.Settings = .standard,
        logger: Logger
    ) async throws -> HTTPEventStore {
        let conversation = try StoreConversation(
            location,
            over: transport,
            deadline: settings.deadline
        )
        let writer = try FeedWriter(
            to: location,
            over: transport,
            settings: settings,
            logger: logger
        )
        let facts = try await ServerFacts.read(from: conversation)
        return HTTPEventStore(facts, conversation, writer)
    }

    private init(_ facts: ServerFacts, _ conversation: StoreConversation, _ writer: FeedWriter) {
        identity = facts.identity
        limits = facts.limits
        self.conversation = conversation
        self.writer = writer
        newest = Newest()
    }

    /// Records all events of a batch at the end of the history, or none.
    ///
    /// - Parameter batch: The events and what is expected of their streams.
    /// - Returns: The numbers and versions given, or those of the append that this one repeats.
    /// - Throws: As ``FeedWriter/append(_:)``.
    @discardableResult
    public func append(_ batch: AppendBatch) async throws -> AppendResult {
        try await writer.append(batch)
    }

    /// Tells where the history ends now.
    ///
    /// - Returns: A head at least as high as that of every append that returned before.
    /// - Throws: `EventStoreError`; ``RequestRefused``; `CancellationError`.
    public func head() async throws -> Head {
        let answer = try await conversation.ask(.head(.atom)) { $0.method = .head }
        let facts: FeedFacts
        do throws(FeedFormatError) {
            facts = try FeedFacts(fields: answer.fields)
        } catch {
            throw StoreConversation.corrupt(answer, error)
        }
        return try await head(at: facts.scannedTo)
    }

    /// Reads consecutive events of the whole history, oldest first.
    ///
    /// - Parameters:
    ///   - after: The number before the first event wanted; 0 reads from the beginning.
    ///   - limit: How much to return at the most.
    ///   - filter: Which events are wanted.
    /// - Returns: The events, how far the store looked, and the chain at both ends.
    /// - Throws: `AfterHead`; `EventStoreError`; ``RequestRefused``; `CancellationError`.
    public func read(after: EventNumber, limit: ReadLimit, matching filter: EventFilter)
        async throws -> EventBatch
    {
        var count = min(limit.events, Limits.readEvents)
        while true {
            let query = FeedQuery(after: after, limit: count, filter: filter)
            let answer = try await conversation.ask(.head(.atom), query: query.canonical)
            let feed = try conversation.feed(answer)
            let fitting = Self.count(of: feed.entries, within: limit)
            guard fitting < feed.entries.count, fitting < count else {
                let events = try await conversation.events(of: feed.entries, in: answer)
                return feed.batch(events, head: feed.facts.scannedTo)
            }
            // Fewer events fit: what the chain is there, the server knows.
            count = fitting
        }
    }

    /// Reads consecutive events of one stream.
    ///
    /// - Parameters:
    ///   - stream: The stream.
    ///   - range: Where to start and in which direction to go, by version.
    ///   - limit: How much to return at the most.
    /// - Returns: The events, the stream's version and the head.
    /// - Throws: `EventStoreError`; ``RequestRefused``; `CancellationError`.
    public func readStream(_ stream: StreamName, _ range: StreamRange, limit: ReadLimit)
        async throws -> StreamSlice
    {
        // Before version 0 there is as little as before version 1, which an address can say.
        let range = range == .before(.empty) ? .before(StreamVersion(1)) : range
        let query = StreamQuery(
            form: .atom,
            range: range,
            limit: min(limit.events, Limits.readEvents)
        )
        let answer = try await conversation.ask(
            .stream(stream),
            query: query.canonical,
            expecting: [200, 404, 410]
        )
        guard answer.status == 200 else { return try await emptySlice(of: stream, answer) }
        let feed = try conversation.feed(answer)
        guard let facts = feed.facts.stream, let head = feed.facts.head else {
            throw StoreConversation.corrupt(answer, RequestRefused(answer))
        }
        let isForward = if case .after = range { true } else { false }
        let ordered = isForward ? feed.entries : feed.entries.reversed()
        let entries = ordered.prefix(Self.count(of: ordered, within: limit))
        return StreamSlice(
            events: try await conversation.events(of: Array(entries), in: answer),
            state: try await state(
                of: stream,
                version: facts.version,
                metadataVersion: answer.fields[.eventFeedMetadataVersion].flatMap(Int64.init)
            ),
            head: try await self.head(at: head)
        )
    }

    /// Tells what holds of a stream now.
    ///
    /// - Parameter stream: The stream; one that nobody ever wrote to is open and has version 0.
    /// - Returns: A state at least as new as every append that returned before.
    /// - Throws: `EventStoreError`; ``RequestRefused``; `CancellationError`.
    public func streamState(_ stream: StreamName) async throws -> StreamState {
        try await readStream(stream, .newest, limit: ReadLimit(events: 1, bytes: 1)).state
    }

    /// Looks one event up.
    ///
    /// - Parameter number: The number of an event.
    /// - Returns: The event, or nil where the number is 0 or beyond the head.
    /// - Throws: `EventStoreError`; ``RequestRefused``; `CancellationError`.
    public func event(_ number: EventNumber) async throws -> RecordedEvent? {
        try await document(of: number)?.event
    }

    /// Finds the last event that was recorded before an instant.
    ///
    /// - Parameter instant: The instant.
    /// - Returns: The number, 0 where nothing was recorded before.
    /// - Throws: `EventStoreError`; ``RequestRefused``; `CancellationError`.
    public func lastNumber(recordedBefore instant: Timestamp) async throws -> EventNumber {
        let answer = try await conversation.ask(
            .head(.atom),
            query: "since=\(instant)",
            expecting: [307]
        ) { $0.followsRedirects = false }
        let query = answer.fields[.location].flatMap { URL(string: $0)?.query }
        do throws(InvalidParameter) {
            return try FeedQuery.parse(query).after ?? .beginning
        } catch {
            throw StoreConversation.corrupt(answer, error)
        }
    }

    /// Waits until the head is beyond a number.
    ///
    /// - Parameter number: Returns at once where the head is higher already.
    /// - Returns: The head that ended the waiting.
    /// - Throws: `EventStoreError`; ``RequestRefused``; `CancellationError`.
    public func waitForHead(beyond number: EventNumber) async throws -> Head {
        var head = try await head()
        while head.number <= number {
            let asked = ContinuousClock.now
            let query = FeedQuery(after: head.number, limit: 1)
            let answer = try await conversation.ask(.head(.atom), query: query.canonical) {
                $0.fields[.prefer] = "wait=\(WireLimits.standard.waitSeconds)"
                $0.deadline += .seconds(WireLimits.standard.waitSeconds)
            }
            let seen = try conversation.feed(answer).facts.head ?? head.number
            head = try await self.head(at: max(seen, head.number))
            // A server may answer early, when it holds too many: that must not become a spin.
            let pause = Self.shortestPoll - (ContinuousClock.now - asked)
            if head.number <= number, pause > .zero { try await Task.sleep(for: pause) }
        }
        return head
    }
}

extension HTTPEventStore {
    /// From one question that a server may hold to the next, at the least.
    private static let shortestPoll = Duration.seconds(1)

    /// How many entries are within a limit; at least one.
    private static func count(of entries: some Sequence<ParsedEntry>, within limit: ReadLimit)
        -> Int
    {
        var budget = DeliveryBudget(limit)
        return entries.prefix { budget.take($0) }.count
    }

    /// A stream without events from where it was to be read, or without any at all.
    private func emptySlice(of stream: StreamName, _ answer: HTTPExchangeAnswer) async throws
        -> StreamSlice
    {
        let refused = RequestRefused(answer)
        let problem = refused.problem
        let version: StreamVersion?
        switch problem?.kind {
        case .noSuchStream: version = .empty
        case .afterVersion, .streamDeleted, .streamEnded:
            version = problem?.number("version").flatMap(StreamVersion.init(rawValue:))
        default: version = nil
        }
        guard let version else { throw StoreAnswer.error(refused) }
        let state =
            problem?.kind == .streamEnded
            ? StreamState(version: version, isTombstoned: true)
            : try await state(
                of: stream,
                version: version,
                metadataVersion: problem?.number("metadataVersion")
            )
        return StreamSlice(events: [], state: state, head: try await head())
    }

    /// What holds of a stream that has no tombstone; what is said about it may be newer than its
    /// version, since that is another question.
    private func state(
        of stream: StreamName,
        version: StreamVersion,
        metadataVersion: Int64?
    ) async throws -> StreamState {
        if stream.isMetadataStream { return .ofMetadata(version: version, isTombstoned: false) }
        guard let metadataVersion, metadataVersion > 0, let said = stream.metadataStream else {
            return StreamState(version: version)
        }
        let slice = try await readStream(said, .newest, limit: ReadLimit(events: 1))
        return StreamState(
            version: version,
            isTombstoned: slice.state.condition == .tombstoned,
            metadataVersion: slice.version,
            metadata: StreamMetadata(reading: slice.events.first?.data.bytes ?? [])
        )
    }

    /// The head whose number is known: its chain and time are those of its event.
    private func head(at number: EventNumber) async throws -> Head {
        guard number > .beginning else { return .empty }
        let known = newest.head.withLock { $0 }
        guard known.number != number else { return known }
        guard let document = try await document(of: number) else {
            throw EventStoreError(
                .corrupt,
                "\(conversation.root.absoluteString) has head \(number), but not that event"
            )
        }
        let head = Head(
            number: number,
            chain: document.chain,
            recordedAt: document.event.recordedAt
        )
        newest.head.withLock { if $0.number < number { $0 = head } }
        return head
    }

    /// An event with `c` there.
    private func document(of number: EventNumber) async throws
        -> (event: RecordedEvent, chain: ChainDigest)?
    {
        let answer = try await conversation.ask(
            .event(number, .atom),
            expecting: [200, 404]
        )
        guard answer.status == 200 else {
            let refused = RequestRefused(answer)
            guard refused.problem?.kind == .noSuchEvent else { throw StoreAnswer.error(refused) }
            return nil
        }
        let parsed: ParsedEvent
        do throws(FeedFormatError) {
            parsed = try ParsedEvent.parse(answer.body, .atom)
        } catch {
            throw StoreConversation.corrupt(answer, error)
        }
        guard let event = try await conversation.events(of: [parsed.entry], in: answer).first
        else { return nil }
        return (event, parsed.facts.chain)
    }
}
