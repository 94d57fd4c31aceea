public import EventModel

/// A feed document as a reader takes it in: its facts and its entries, checked against each other.
///
/// Entries are in ascending order of their numbers whatever order the document had; identical
/// repetitions are left out.
public struct ParsedFeed: Hashable, Sendable {
    /// What the document states about itself.
    public let facts: FeedFacts
    /// The links as they stand in the document, not resolved.
    public let links: [ParsedLink]
    /// The events, by number.
    public let entries: [ParsedEntry]

    /// Puts the events of the document into a batch.
    ///
    /// - Parameters:
    ///   - events: The document's events with all values, by number.
    ///   - head: The head as far as it is known; a complete page does not say it.
    /// - Returns: The batch, with the head of the document if it states one.
    public func batch(_ events: [RecordedEvent], head: EventNumber) -> EventBatch {
        EventBatch(
            epoch: facts.epoch,
            after: facts.after,
            chainAfter: facts.chainAfter,
            events: events,
            scannedTo: facts.scannedTo,
            chain: facts.chain,
            head: max(facts.head ?? head, facts.scannedTo)
        )
    }
}

/// A link of a document that was read.
public struct ParsedLink: Hashable, Sendable {
    /// The relation in its short form.
    public let relation: String
    /// The reference as it stands in the document, resolved against `xml:base` alone.
    public let reference: String
}

/// One event of a document that was read; its values may still have to be fetched.
public struct ParsedEntry: Hashable, Sendable {
    /// The event's place in the store.
    public let number: EventNumber
    /// The event's place in its stream.
    public let version: StreamVersion
    /// When the store recorded it.
    public let recordedAt: Timestamp
    /// The event's identity.
    public let id: EventID
    /// The stream that it belongs to.
    public let stream: StreamName
    /// What kind of event it is.
    public let type: EventType
    /// What happened.
    public let data: ParsedValue
    /// What is known about the event itself.
    public let metadata: ParsedValue?

    /// The values that have to be fetched, data first.
    public var outOfLine: [(kind: ValueKind, value: OutOfLineValue)] {
        var values: [(kind: ValueKind, value: OutOfLineValue)] = []
        if case .outOfLine(let value) = data { values.append((.data, value)) }
        if case .outOfLine(let value) = metadata { values.append((.metadata, value)) }
        return values
    }

    /// The event with its values.
    ///
    /// - Parameters:
    ///   - data: The bytes fetched for the data, if they are out of line.
    ///   - metadata: The bytes fetched for the metadata, if they are out of line.
    /// - Returns: The event as the store has it.
    /// - Throws: ``FeedFormatError`` (`wrongDigest`) where bytes do not have the length and digest
    ///   that the entry says; (`missing`) where bytes that are needed were not given.
    public func recorded(data: [UInt8]? = nil, metadata: [UInt8]? = nil) throws(FeedFormatError)
        -> RecordedEvent
    {
        let event = NewEvent(
            id: id,
            stream: stream,
            type: type,
            data: try self.data.payload(fetched: data, number: number),
            metadata: try self.metadata?.payload(fetched: metadata, number: number)
        )
        return RecordedEvent(number: number, version: version, recordedAt: recordedAt, event: event)
    }
}

/// Data or metadata in a document that was read.
public enum ParsedValue: Hashable, Sendable {
    /// The value itself.
    case inline(Payload)
    /// Where to fetch the value, and how to check it.
    case outOfLine(OutOfLineValue)

    func payload(fetched: [UInt8]?, number: EventNumber) throws(FeedFormatError) -> Payload {
        switch self {
        case .inline(let payload): return payload
        case .outOfLine(let value):
            guard let fetched else {
                throw FeedFormatError(.missing, field: value.reference, number: number.rawValue)
            }
            try value.check(fetched, number: number)
            return Payload(fetched, mediaType: value.mediaType)
        }
    }
}

/// A value that stands at an address of its own.
public struct OutOfLineValue: Hashable, Sendable {
    /// The reference as it stands in the document, resolved against `xml:base` alone.
    public let reference: String
    /// What the bytes are; the answer's own media type does not count.
    public let mediaType: MediaType
    /// How many bytes there are.
    public let length: Int
    /// SHA-256 of the bytes.
    public let digest: PayloadDigest

    /// Checks bytes that were fetched.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - number: The event, for the error.
    /// - Throws: ``FeedFormatError`` (`wrongDigest`) where length or digest differ.
    public func check(_ bytes: [UInt8], number: EventNumber) throws(FeedFormatError) {
        guard bytes.count == length else {
            throw FeedFormatError(
                .wrongDigest,
                field: reference,
                number: number.rawValue,
                found: ("\(bytes.count) bytes", "\(length) bytes")
            )
        }
        let actual = PayloadDigest(of: bytes)
        guard actual == digest else {
            throw FeedFormatError(
                .wrongDigest,
                field: reference,
                number: number.rawValue,
                found: (actual.description, digest.description)
            )
        }
    }
}
