import EventModel
import FeedPages
import FoundationEssentials
import Subscriptions

/// An unfiltered document that was read and checked but not yet delivered whole.
///
/// What is delivered is cut off its front. A part is delivered only after the chain of the whole
/// document was found to fit, so that nothing of a document that must be refused gets out.
struct PendingDocument: Sendable {
    let epoch: Epoch
    /// Where the document came from, for references in it.
    let address: URL
    /// The number that the rest begins after, with `c` there.
    private(set) var after: EventNumber
    private(set) var chainAfter: ChainDigest
    let scannedTo: EventNumber
    let chain: ChainDigest
    private(set) var entries: ArraySlice<ParsedEntry>
    private var isVerified = false

    init(_ feed: ParsedFeed, from address: URL) {
        epoch = feed.facts.epoch
        self.address = address
        after = feed.facts.after
        chainAfter = feed.facts.chainAfter
        scannedTo = feed.facts.scannedTo
        chain = feed.facts.chain
        entries = feed.entries[...]
    }

    /// Bytes of the values that the entries have in line, about what they need in memory.
    var byteCount: Int {
        entries.reduce(0) { $0 + $1.inlineBytes + 256 }
    }

    /// Whether the document can go on from `number`.
    func continues(from number: EventNumber) -> Bool { after <= number && number <= scannedTo }

    /// Drops everything up to `number`, which is in the document.
    mutating func drop(through number: EventNumber) throws(SourceError) {
        guard number > after else { return }
        try verify()
        while let entry = entries.first, entry.number <= number {
            chainAfter = chainAfter.appending(entry)
            entries.removeFirst()
        }
        after = number
    }

    /// Cuts off what fits into `budget`.
    ///
    /// - Returns: The entries taken; all of the rest, or a part of it.
    mutating func take(within budget: inout DeliveryBudget) throws(SourceError)
        -> ArraySlice<ParsedEntry>
    {
        var count = 0
        for entry in entries {
            guard budget.take(entry) else { break }
            count += 1
        }
        let taken = entries.prefix(count)
        if count == entries.count {
            entries = []
            after = scannedTo
            chainAfter = chain
        } else if let last = taken.last {
            try drop(through: last.number)
        }
        return taken
    }

    /// Computes the chain over the whole document, out-of-line values by their digests.
    mutating func verify() throws(SourceError) {
        guard !isVerified else { return }
        let computed = entries.reduce(chainAfter) { $0.appending($1) }
        guard computed == chain else {
            throw SourceError(
                .changedDocument,
                "\(address.withoutUserAndFragment.absoluteString): its events are not those that "
                    + "its chain was made from",
                difference: .chain(at: scannedTo, expected: computed, actual: chain)
            )
        }
        isVerified = true
    }
}

/// How much one batch takes at the most: events, and bytes of values wherever they stand.
struct DeliveryBudget {
    private let limit: ReadLimit
    private(set) var events = 0
    private var bytes = 0

    init(events: Int) {
        self.init(ReadLimit(events: events))
    }

    init(_ limit: ReadLimit) {
        self.limit = limit
    }

    var isFull: Bool { events >= limit.events || bytes >= limit.bytes }

    /// Takes one more entry, unless it would go beyond the limit; the first always fits.
    mutating func take(_ entry: ParsedEntry) -> Bool {
        // What a document says of a value's length may be anything.
        let lengths = [entry.inlineBytes] + entry.outOfLine.map(\.value.length)
        let total = lengths.reduce(bytes) { total, length in
            let (sum, overflow) = total.addingReportingOverflow(length)
            return overflow ? .max : sum
        }
        guard events == 0 || (events < limit.events && total <= limit.bytes) else {
            return false
        }
        events += 1
        bytes = total
        return true
    }
}

extension ParsedEntry {
    /// Bytes of the values that stand in the document itself.
    var inlineBytes: Int { data.inlineBytes + (metadata?.inlineBytes ?? 0) }
}

extension ParsedValue {
    fileprivate var inlineBytes: Int {
        if case .inline(let payload) = self { payload.bytes.count } else { 0 }
    }

    fileprivate var mediaType: MediaType {
        switch self {
        case .inline(let payload): payload.mediaType
        case .outOfLine(let value): value.mediaType
        }
    }

    fileprivate var digest: [UInt8] {
        switch self {
        case .inline(let payload): PayloadDigest(of: payload.bytes).bytes
        case .outOfLine(let value): value.digest.bytes
        }
    }
}

extension ChainDigest {
    /// The chain after one more entry, whose values may still be elsewhere.
    fileprivate func appending(_ entry: ParsedEntry) -> ChainDigest {
        let shape = NewEvent(
            id: entry.id,
            stream: entry.stream,
            type: entry.type,
            data: Payload([], mediaType: entry.data.mediaType),
            metadata: entry.metadata.map { Payload([], mediaType: $0.mediaType) }
        )
        let digest = EventDigest(
            of: shape,
            dataDigest: entry.data.digest,
            metadataDigest: entry.metadata?.digest ?? PayloadDigest(of: []).bytes
        )
        return appending(
            digest,
            number: entry.number,
            version: entry.version,
            recordedAt: entry.recordedAt
        )
    }
}
