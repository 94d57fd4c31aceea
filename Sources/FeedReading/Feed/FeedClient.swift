public import EventModel
import FeedPages
import FoundationEssentials
public import Logging
public import Subscriptions

/// Reads a published feed: from a server, through a cache, from a static copy or from a folder.
///
/// It needs nothing but documents. While it is far behind, it fetches complete pages by arithmetic,
/// several at once, and never asks for one again that it delivered; at the tail it asks for what
/// comes after a number, with conditional requests. A plain web server that ignores the question is
/// recognised and read as the static copy that it is.
///
/// Every document is checked whole before anything of it is delivered: its facts, epoch, numbers
/// and values, and its chain wherever it is delivered in parts. A batch is as its document states
/// it, so that whoever applies it can compute the chain and compare.
///
/// What it keeps between calls is bounded: the facts of the feed, one answer without events, and at
/// most ``Settings/bytesAhead`` of pages that were read ahead.
public struct FeedClient: EventSource {
    /// How a feed is read.
    public struct Settings: Sendable {
        /// How long one whole answer may take, redirects included: 30 seconds.
        ///
        /// Time for which a server was asked to hold its answer is added.
        public var deadline: Duration
        /// Requests at a time while pages are read ahead: 4.
        public var requestsAtOnce: Int
        /// Bytes of documents read ahead, together: 32 MiB.
        ///
        /// A page that is larger than its share
        /// is fetched alone when its turn comes.
        public var bytesAhead: Int

        /// 30 seconds, 4 requests, 32 MiB.
        public static let standard = Settings()

        /// Sets how a feed is read.
        ///
        /// - Parameters:
        ///   - deadline: How long one whole answer may take.
        ///   - requestsAtOnce: Requests at a time while pages are read ahead, at least 1.
        ///   - bytesAhead: Bytes of documents read ahead, together.
        public init(
            deadline: Duration = .seconds(30),
            requestsAtOnce: Int = 4,
            bytesAhead: Int = 32 << 20
        ) {
            self.deadline = deadline
            self.requestsAtOnce = max(1, requestsAtOnce)
            self.bytesAhead = max(1 << 20, bytesAhead)
        }
    }

    let reader: any DocumentReader
    let settings: Settings
    let memory: FeedMemory
    let logger: Logger

    /// Prepares to read a feed over a transport of the caller's; nothing is fetched yet.
    ///
    /// - Parameters:
    ///   - location: Where the feed is.
    ///   - transport: Carries requests; a folder needs none.
    ///   - settings: How the feed is read.
    ///   - logger: Gets what is noticed about the feed, at `debug`.
    public init(
        _ location: FeedLocation,
        over transport: any HTTPTransport,
        settings: Settings = .standard,
        logger: Logger
    ) {
        reader =
            switch location {
            case .web(let url): WebReader(url, over: transport, deadline: settings.deadline)
            case .folder(let path): FolderReader(path)
            }
        self.settings = settings
        self.logger = logger
        memory = FeedMemory(pagesAtOnce: settings.requestsAtOnce)
    }

    /// Runs `body` with a client for a feed and closes its connections afterwards.
    ///
    /// - Parameters:
    ///   - location: Where the feed is.
    ///   - settings: How the feed is read.
    ///   - transport: How connections are made, and who asks.
    ///   - logger: Gets what is noticed about the feed, at `debug`.
    ///   - body: What to do with the client, which must not leave the closure.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public static func withClient<Result: Sendable>(
        of location: FeedLocation,
        settings: Settings = .standard,
        transport: AsyncHTTPTransport.Settings = .standard,
        logger: Logger,
        _ body: (FeedClient) async throws -> Result
    ) async throws -> Result {
        try await AsyncHTTPTransport.withTransport(settings: transport, logger: logger) {
            transport in
            try await body(
                FeedClient(location, over: transport, settings: settings, logger: logger)
            )
        }
    }

    /// Where the feed is read from, without credentials.
    public var address: String { reader.address }

    /// Tells which history the feed publishes and where it ends now.
    ///
    /// - Returns: Epoch, title and head.
    /// - Throws: `SourceError`; `CancellationError`.
    public func describe() async throws -> FeedDescription {
        let head = try await readHead()
        return FeedDescription(
            epoch: head.feed.facts.epoch,
            title: try head.title(),
            head: head.feed.facts.scannedTo,
            pageSize: head.feed.facts.pageSize
        )
    }

    /// Reads consecutive events, oldest first.
    ///
    /// A filter needs a server: a static copy cannot apply it, and is refused.
    ///
    /// - Parameters:
    ///   - after: The number before the first event wanted; 0 reads from the beginning.
    ///   - limit: Events to return at the most, cut to 1 … `Limits.readEvents`; a batch also ends
    ///     at 8 MiB of values.
    ///   - filter: Which events are wanted.
    ///   - wait: How long to ask a server to hold an answer that has nothing new, up to a minute.
    /// - Returns: The events, how far the feed was looked at, and the chain at both ends.
    /// - Throws: `SourceError`; `CancellationError`.
    public func events(
        after: EventNumber,
        limit: Int,
        matching filter: EventFilter,
        waitingUpTo wait: Duration?
    ) async throws -> EventBatch {
        let limit = min(max(1, limit), Limits.readEvents)
        let pending = filter.isEverything ? memory.takePending(from: after) : []
        guard pending.isEmpty else { return try await deliver(pending, limit: limit) }
        let feed = try await located()
        guard filter.isEverything else {
            return try await answer(feed, after, limit: limit, filter: filter, wait: wait)
        }
        // A page ahead of the head that was seen last: fetched by arithmetic, and for ever.
        if memory.head.rawValue - after.rawValue >= Int64(feed.pageSize) {
            return try await deliver(try await pages(of: feed, after: after), limit: limit)
        }
        if feed.isStatic { return try await copiedTail(feed, after, limit: limit) }
        return try await answer(feed, after, limit: limit, filter: filter, wait: wait)
    }

    /// Delivers the front of documents that follow one another and keeps the rest.
    func deliver(_ documents: [PendingDocument], limit: Int) async throws -> EventBatch {
        guard let first = documents.first else {
            throw SourceError(.unexpected, "\(address): no document to deliver")
        }
        var budget = DeliveryBudget(events: limit)
        var rest = documents[...]
        var parts: [ValueFetcher.Part] = []
        var end = (number: first.after, chain: first.chainAfter)
        while var document = rest.first, !budget.isFull || parts.isEmpty {
            // Another history at the seam is for whoever computes the chain to say.
            guard document.after == end.number, document.chainAfter == end.chain else { break }
            let taken = try document.take(within: &budget)
            guard !taken.isEmpty || parts.isEmpty else { break }
            parts.append(ValueFetcher.Part(entries: taken, address: document.address))
            end = (document.after, document.chainAfter)
            rest.removeFirst()
            guard document.entries.isEmpty else {
                rest.insert(document, at: rest.startIndex)
                break
            }
        }
        let events = try await ValueFetcher(reader, requestsAtOnce: settings.requestsAtOnce)
            .events(of: parts)
        memory.keep(Array(rest))
        return EventBatch(
            epoch: first.epoch,
            after: first.after,
            chainAfter: first.chainAfter,
            events: events,
            scannedTo: end.number,
            chain: end.chain,
            head: max(memory.head, end.number)
        )
    }
}
