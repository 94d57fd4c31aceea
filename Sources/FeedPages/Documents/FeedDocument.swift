public import EventModel

/// What one feed answer says, without its events and independent of the form it is written in.
///
/// Events are rendered into a ``FeedRenderer`` first, one by one, so that the bytes of values which
/// stand out of line are never kept; then the renderer puts the document around them.
public struct FeedDocument: Hashable, Sendable {
    /// What the document states about itself.
    public let facts: FeedFacts
    /// The feed's identity: the epoch, or the UUIDv5 of a filtered or stream feed.
    public let id: UUIDBytes
    /// The feed's title.
    public let title: String
    /// The name of the feed's author.
    public let author: String
    /// The time of the newest event, or what stands for it in a document without events.
    public let updated: Timestamp
    /// Which document it is, as far as its links need it.
    let kind: Kind

    enum Kind: Hashable, Sendable {
        case page
        case head(isStaticCopy: Bool)
        case after(FeedQuery)
        case stream(StreamQuery, StreamSpan)
    }

    /// Describes a complete page.
    ///
    /// - Parameters:
    ///   - range: The page.
    ///   - identity: What is fixed about the store.
    ///   - chainBefore: `c` before the page's first event.
    ///   - chain: `c` after its last event.
    ///   - updated: Recorded-at of its last event.
    /// - Returns: The document, whose events are the page's, oldest first.
    public static func page(
        _ range: PageRange,
        of identity: StoreIdentity,
        chainBefore: ChainDigest,
        chain: ChainDigest,
        updated: Timestamp
    ) -> FeedDocument {
        let extent = FeedFacts.Extent.page(range, chainBefore: chainBefore)
        return FeedDocument(
            facts: FeedFacts(identity: identity, extent: extent, chain: chain),
            identity: identity,
            updated: updated,
            kind: .page
        )
    }

    /// Describes the head document.
    ///
    /// - Parameters:
    ///   - identity: What is fixed about the store.
    ///   - head: The end of the history.
    ///   - chainAfter: `c` at ``PageLayout/headDocumentAfter(head:)``.
    ///   - isStaticCopy: Whether it is written into a folder, where nothing answers queries.
    /// - Returns: The document, whose events are all after that number, newest first.
    public static func head(
        of identity: StoreIdentity,
        at head: Head,
        chainAfter: ChainDigest,
        isStaticCopy: Bool = false
    ) -> FeedDocument {
        let layout = PageLayout(pageSize: identity.pageSize)
        let extent = FeedFacts.Extent.answer(
            head: head.number,
            after: layout.headDocumentAfter(head: head.number),
            scannedTo: head.number,
            chainAfter: chainAfter
        )
        return FeedDocument(
            facts: FeedFacts(identity: identity, extent: extent, chain: head.chain),
            identity: identity,
            updated: head.recordedAt ?? identity.createdAt,
            kind: .head(isStaticCopy: isStaticCopy)
        )
    }

    /// Describes the answer to `after`, filtered or not.
    ///
    /// - Parameters:
    ///   - query: What was asked for.
    ///   - identity: What is fixed about the store.
    ///   - batch: What the answer holds; cut it to the bytes of an answer before.
    ///   - quietTime: Recorded-at of the event `scannedTo`, needed only if the batch has no events
    ///     and `scannedTo` is not 0.
    /// - Returns: The document, whose events are those of the batch, oldest first.
    public static func after(
        _ query: FeedQuery,
        of identity: StoreIdentity,
        batch: EventBatch,
        quietTime: Timestamp? = nil
    ) -> FeedDocument {
        let extent = FeedFacts.Extent.answer(
            head: batch.head,
            after: batch.after,
            scannedTo: batch.scannedTo,
            chainAfter: batch.chainAfter
        )
        let filter = query.filter.isEverything ? nil : query.filter.canonical
        return FeedDocument(
            facts: FeedFacts(
                identity: identity,
                extent: extent,
                chain: batch.chain,
                filter: filter
            ),
            identity: identity,
            updated: batch.events.last?.recordedAt ?? quietTime ?? identity.createdAt,
            kind: .after(query)
        )
    }

    /// Describes a stream document.
    ///
    /// - Parameters:
    ///   - name: The stream.
    ///   - query: What was asked for, with the form of the document.
    ///   - identity: What is fixed about the store.
    ///   - span: Where the slice stands in the whole history.
    /// - Returns: The document, whose events are those of the slice, in the order asked for.
    public static func stream(
        _ name: StreamName,
        _ query: StreamQuery,
        of identity: StoreIdentity,
        span: StreamSpan
    ) -> FeedDocument {
        let extent = FeedFacts.Extent.answer(
            head: span.head,
            after: span.after,
            scannedTo: span.scannedTo,
            chainAfter: span.chainAfter
        )
        let stream = FeedFacts.StreamFacts(name: name, version: span.version)
        return FeedDocument(
            facts: FeedFacts(
                identity: identity,
                extent: extent,
                chain: span.chain,
                stream: stream
            ),
            identity: identity,
            updated: span.updated ?? identity.createdAt,
            kind: .stream(query, span)
        )
    }

    private init(facts: FeedFacts, identity: StoreIdentity, updated: Timestamp, kind: Kind) {
        self.facts = facts
        self.updated = updated
        self.kind = kind
        author = identity.author
        if let name = facts.stream?.name {
            let filter = EventFilter(streams: [name]).canonical
            id = .named(filter.utf8, in: identity.epoch.uuid)
            title = "\(identity.title): \(name)"
        } else if let filter = facts.filter {
            id = .named(filter.utf8, in: identity.epoch.uuid)
            title = "\(identity.title): \(filter)"
        } else {
            id = identity.epoch.uuid
            title = identity.title
        }
    }

    /// Where the document stands.
    public var place: DocumentPlace {
        switch kind {
        case .page: .pages
        case .head, .after: .root
        case .stream: .streams
        }
    }
}

/// Where a slice of a stream stands in the whole history.
public struct StreamSpan: Hashable, Sendable {
    /// The head of the history.
    public var head: EventNumber
    /// The number of the stream's event before the lowest version of the slice, 0 if it is the
    /// first; see the specification for slices without events, and after events that are not read.
    public var after: EventNumber
    /// `c` at `after`.
    public var chainAfter: ChainDigest
    /// The head if the slice ends at the stream's version, else the number of its highest version.
    public var scannedTo: EventNumber
    /// `c` at `scannedTo`.
    public var chain: ChainDigest
    /// The stream's version.
    public var version: StreamVersion
    /// The lowest version that is read at all.
    public var firstLive: StreamVersion
    /// The versions that the slice holds; nil where it holds none.
    public var versions: ClosedRange<StreamVersion>?
    /// Recorded-at of the newest event of the slice; without events that of event `scannedTo`.
    public var updated: Timestamp?

    /// States where a slice stands.
    ///
    /// - Parameters:
    ///   - slice: The events, the stream's version and the head.
    ///   - after: The number that the slice begins after, with `c` there.
    ///   - scannedTo: The number to which the slice reaches, with `c` there.
    ///   - quietTime: Recorded-at of the event `scannedTo`, needed only if the slice has no events.
    public init(
        _ slice: StreamSlice,
        after: (number: EventNumber, chain: ChainDigest),
        scannedTo: (number: EventNumber, chain: ChainDigest),
        quietTime: Timestamp? = nil
    ) {
        head = slice.head.number
        self.after = after.number
        chainAfter = after.chain
        self.scannedTo = scannedTo.number
        chain = scannedTo.chain
        version = slice.version
        firstLive = slice.state.firstLive
        let all = slice.events.map(\.version)
        if let lowest = all.min(), let highest = all.max() { versions = lowest...highest }
        updated = slice.events.map(\.recordedAt).max() ?? quietTime
    }
}
