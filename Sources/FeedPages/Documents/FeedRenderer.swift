public import EventModel

/// Renders the events of one document, one by one, and then the document around them.
///
/// Only what the document itself will hold is kept: values that stand out of line leave nothing but
/// their digest. The bytes are a function of the arguments alone.
public struct FeedRenderer: Sendable {
    /// In which language the document is written.
    public let form: FeedForm

    private let place: DocumentPlace
    private let epoch: Epoch
    private var entries: [UInt8] = []
    /// Events rendered so far.
    public private(set) var count = 0

    /// Starts a document without events.
    ///
    /// - Parameters:
    ///   - form: In which language the document is written.
    ///   - place: Where it stands.
    ///   - epoch: The history.
    public init(_ form: FeedForm, at place: DocumentPlace, epoch: Epoch) {
        self.form = form
        self.place = place
        self.epoch = epoch
    }

    /// Bytes of all entries or lines so far.
    public var byteCount: Int { entries.count }

    /// Renders one more event; call it in the order in which the document has them.
    ///
    /// - Parameter event: The event.
    /// - Complexity: Linear in the bytes of data and metadata.
    public mutating func append(_ event: RecordedEvent) {
        fatalError("soon")
    }

    /// Renders one more event, unless all entries together would have more than `limit` bytes; the
    /// first always fits.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - limit: ``WireLimits/answerBytes``.
    /// - Returns: False if the event did not fit and was left out: the answer ends before it.
    public mutating func append(_ event: RecordedEvent, within limit: Int) -> Bool {
        fatalError("soon")
    }

    /// Puts the document around the events.
    ///
    /// - Parameter document: What the document says; its place is the one given before.
    /// - Returns: The whole body.
    public consuming func finish(_ document: FeedDocument) -> [UInt8] {
        fatalError("soon")
    }
}

extension FeedDocument {
    /// Renders the document with events that are in memory.
    ///
    /// - Parameters:
    ///   - form: In which language.
    ///   - events: The events in the document's order.
    /// - Returns: The whole body.
    public func render(_ form: FeedForm, events: some Sequence<RecordedEvent>) -> [UInt8] {
        var renderer = FeedRenderer(form, at: place, epoch: facts.epoch)
        for event in events { renderer.append(event) }
        return renderer.finish(self)
    }

    /// The links of the document, in the order of the specification.
    ///
    /// - Parameter form: In which language the document is written; links stay in it.
    /// - Returns: What the body and the `Link` header carry.
    public func links(_ form: FeedForm) -> [FeedLink] { fatalError("soon") }
}

/// The document of one event: an entry, or one JSON object.
public struct EventDocument: Hashable, Sendable {
    /// The event.
    public let event: RecordedEvent
    /// What the document states about itself.
    public let facts: FeedFacts
    /// The name of the feed's author.
    public let author: String

    /// Describes the document of one event.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - identity: What is fixed about the store.
    ///   - chainAfter: `c` before the event.
    ///   - chain: `c` at the event.
    public init(
        _ event: RecordedEvent,
        of identity: StoreIdentity,
        chainAfter: ChainDigest,
        chain: ChainDigest
    ) {
        self.event = event
        author = identity.author
        let extent = FeedFacts.Extent.answer(
            head: nil,
            after: EventNumber(event.number.rawValue - 1),
            scannedTo: event.number,
            chainAfter: chainAfter
        )
        facts = FeedFacts(identity: identity, extent: extent, chain: chain)
    }

    /// The links of the document, in the order of the specification.
    ///
    /// - Parameter form: `atom` or `json`.
    /// - Returns: What the `Link` header carries, and the body in Atom.
    public func links(_ form: FeedForm) -> [FeedLink] {
        [
            FeedLink(.`self`, "\(event.number).\(form)"),
            FeedLink(.alternate, "\(event.number)"),
            FeedLink(.collection, "../feed.\(form)"),
        ]
    }

    /// Renders the document.
    ///
    /// - Parameter form: `atom` for an entry document; `json` and `ndjson` for one object and LF.
    /// - Returns: The whole body.
    public func render(_ form: FeedForm) -> [UInt8] { fatalError("soon") }
}
