public import EventModel

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
    public func render(_ form: FeedForm) -> [UInt8] {
        guard form != .atom else { return AtomFrame.render(self) }
        var line: [UInt8] = []
        let prefix = DocumentPlace.events.valuePrefix(epoch: facts.epoch)
        JSONLine.append(event, valuePrefix: prefix, to: &line)
        line.append(UInt8(ascii: "\n"))
        return line
    }
}
