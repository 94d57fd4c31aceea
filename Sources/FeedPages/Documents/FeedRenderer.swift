import AtomFormat
public import EventModel

/// Renders the events of one document, one by one, and then the document around them.
///
/// Only what the document itself will hold is kept: values that stand out of line leave nothing but
/// their digest. The bytes are a function of the arguments alone.
public struct FeedRenderer: Sendable {
    /// In which language the document is written.
    public let form: FeedForm
    /// Bytes of all entries or lines so far; commas between lines do not count, so that JSON and
    /// NDJSON end at the same event.
    public var byteCount: Int { entries.count }

    /// Events rendered so far.
    public var count: Int { ends.count }

    private let place: DocumentPlace
    private let valuePrefix: String
    private let isReversed: Bool
    private var storedByteCount = 0
    private var entries: [UInt8] = []
    /// Where each entry ends in ``entries``.
    private var ends: [Int] = []

    /// Starts a document without events.
    ///
    /// - Parameters:
    ///   - form: In which language the document is written.
    ///   - place: Where it stands.
    ///   - epoch: The history.
    ///   - isReversed: Whether the events come in the opposite order of the document's, as those of
    ///     a head document do when they are read oldest first.
    public init(
        _ form: FeedForm,
        at place: DocumentPlace,
        epoch: Epoch,
        isReversed: Bool = false
    ) {
        self.form = form
        self.place = place
        self.isReversed = isReversed
        valuePrefix = place.valuePrefix(epoch: epoch)
    }

    /// Renders one more event; call it in the order that was stated at the beginning.
    ///
    /// - Parameter event: The event.
    /// - Complexity: Linear in the bytes of data and metadata.
    public mutating func append(_ event: RecordedEvent) {
        take(render(event), of: event)
    }

    /// Renders one more event, unless all entries together, or all stored bytes together, would be
    /// more than `limit`; the first always fits.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - limit: ``WireLimits/answerBytes``.
    /// - Returns: False if the event did not fit and was left out: the answer ends before it.
    public mutating func append(_ event: RecordedEvent, within limit: Int) -> Bool {
        guard count == 0 || storedByteCount + event.event.byteCount <= limit else { return false }
        let entry = render(event)
        guard count == 0 || byteCount + entry.count <= limit else { return false }
        take(entry, of: event)
        return true
    }

    /// Puts the document around the events.
    ///
    /// - Parameter document: What the document says; its place is the one given before.
    /// - Returns: The whole body.
    public consuming func finish(_ document: FeedDocument) -> [UInt8] {
        precondition(document.place == place, "the entries were rendered for another place")
        return switch form {
        case .atom: AtomFrame.render(document, around: ordered())
        case .json: JSONFrame.render(document, around: separated())
        case .ndjson: ordered()
        }
    }

    /// All entries in the document's order.
    private func ordered() -> [UInt8] {
        guard isReversed else { return entries }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count)
        for range in ranges { bytes.append(contentsOf: entries[range]) }
        return bytes
    }

    /// All lines in the document's order, with commas between them.
    private func separated() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count + ends.count)
        for range in ranges {
            if !bytes.isEmpty { bytes.append(contentsOf: ",\n".utf8) }
            bytes.append(contentsOf: entries[range].dropLast())
        }
        if !bytes.isEmpty { bytes.append(UInt8(ascii: "\n")) }
        return bytes
    }

    /// Where the entries stand, in the document's order.
    private var ranges: [Range<Int>] {
        let ascending = zip([0] + ends, ends).map { $0..<$1 }
        return isReversed ? ascending.reversed() : ascending
    }

    /// The entry with the line feed before it, or the line with the line feed after it.
    private func render(_ event: RecordedEvent) -> [UInt8] {
        switch form {
        case .atom:
            return AtomFrame.entry(event, place: place, valuePrefix: valuePrefix)
        case .json, .ndjson:
            var line: [UInt8] = []
            line.reserveCapacity(512 + min(event.event.byteCount, WireLimits.inlineBytes))
            JSONLine.append(event, valuePrefix: valuePrefix, to: &line)
            line.append(UInt8(ascii: "\n"))
            return line
        }
    }

    private mutating func take(_ entry: [UInt8], of event: RecordedEvent) {
        entries.append(contentsOf: entry)
        ends.append(entries.count)
        storedByteCount += event.event.byteCount
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
}
