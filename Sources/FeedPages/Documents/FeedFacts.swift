public import EventModel

/// What a document states about itself: the attributes of `ef:feed`, the JSON member `feed`, the
/// `EventFeed-` headers.
///
/// Readers take facts from here alone, never from titles, dates, links or the order of entries.
public struct FeedFacts: Hashable, Sendable {
    /// Which part of the history a document holds.
    public enum Extent: Hashable, Sendable {
        /// A complete page: exactly these numbers, with `c` before the first.
        case page(PageRange, chainBefore: ChainDigest)
        /// Everything that belongs to the document with `after < number ≤ scannedTo`; `chainAfter`
        /// is `c` at `after`. Only the document of a single event has no head.
        case answer(
            head: EventNumber?,
            after: EventNumber,
            scannedTo: EventNumber,
            chainAfter: ChainDigest
        )
    }

    /// The identity of the history.
    public var epoch: Epoch
    /// The number of the shape of complete pages.
    public var format: Int
    /// Events on a complete page.
    public var pageSize: Int
    /// Which part of the history the document holds.
    public var extent: Extent
    /// `c` at the extent's last number.
    public var chain: ChainDigest
    /// The canonical filter; nil in unfiltered documents.
    public var filter: String?
    /// The stream's name and version, in stream documents.
    public var stream: StreamFacts?

    /// What a stream document states about its stream.
    public struct StreamFacts: Hashable, Sendable {
        /// The stream; nil where the facts were read from headers, which do not name it.
        public var name: StreamName?
        /// The stream's version when the document was made.
        public var version: StreamVersion

        /// States a stream's version.
        ///
        /// - Parameters:
        ///   - name: The stream.
        ///   - version: Its version.
        public init(name: StreamName?, version: StreamVersion) {
            self.name = name
            self.version = version
        }
    }

    /// States facts.
    ///
    /// - Parameters:
    ///   - identity: Epoch, format and page size.
    ///   - extent: Which part of the history the document holds.
    ///   - chain: `c` at the extent's last number.
    ///   - filter: The canonical filter.
    ///   - stream: The stream's name and version.
    public init(
        identity: StoreIdentity,
        extent: Extent,
        chain: ChainDigest,
        filter: String? = nil,
        stream: StreamFacts? = nil
    ) {
        epoch = identity.epoch
        format = identity.format
        pageSize = identity.pageSize
        self.extent = extent
        self.chain = chain
        self.filter = filter
        self.stream = stream
    }

    init(epoch: Epoch, format: Int, pageSize: Int, extent: Extent, chain: ChainDigest) {
        self.epoch = epoch
        self.format = format
        self.pageSize = pageSize
        self.extent = extent
        self.chain = chain
    }

    /// The number that the document begins after.
    public var after: EventNumber {
        switch extent {
        case .page(let range, _): range.after
        case .answer(_, let after, _, _): after
        }
    }

    /// The last number of a page, or the number to which the server looked.
    public var scannedTo: EventNumber {
        switch extent {
        case .page(let range, _): range.last
        case .answer(_, _, let scannedTo, _): scannedTo
        }
    }

    /// `c` at ``after``.
    public var chainAfter: ChainDigest {
        switch extent {
        case .page(_, let chain): chain
        case .answer(_, _, _, let chain): chain
        }
    }

    /// The head of the history; complete pages and single events never state it.
    public var head: EventNumber? {
        switch extent {
        case .page: nil
        case .answer(let head, _, _, _): head
        }
    }

    /// The range of a complete page; nil for every other document.
    public var pageRange: PageRange? {
        switch extent {
        case .page(let range, _): range
        case .answer: nil
        }
    }

    /// Whether every number of the extent must be there: neither filter nor stream.
    public var isWhole: Bool { filter == nil && stream == nil }
}
