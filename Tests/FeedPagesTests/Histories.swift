import EventModel
import FeedPages

/// A history that is the same in every run: fixed epoch, clock and ids.
struct History {
    let identity: StoreIdentity
    private(set) var events: [RecordedEvent] = []
    /// `c(n)` at index n.
    private(set) var chain: [ChainDigest] = [.beginning]
    private var versions: [StreamName: StreamVersion] = [:]

    init(pageSize: Int = 10, title: String = "EventFeed", author: String = "EventFeed") throws {
        identity = StoreIdentity(
            epoch: Epoch(
                UUIDBytes(high: 0x0b6f_fb5e_7a6c_4b39, low: 0x9d2f_5a1c_8f0e_4d21)
            ),
            format: 1,
            creation: try StoreCreation(pageSize: pageSize, title: title, author: author),
            createdAt: Timestamp(microseconds: 1_767_225_600_000_000)
        )
    }

    var head: Head {
        Head(
            number: EventNumber(Int64(events.count)),
            chain: chain[events.count],
            recordedAt: events.last?.recordedAt
        )
    }

    var layout: PageLayout { PageLayout(pageSize: identity.pageSize) }

    mutating func add(_ stream: String, _ type: String, _ data: Payload, _ metadata: Payload? = nil)
        throws
    {
        let number = EventNumber(Int64(events.count + 1))
        let event = NewEvent(
            id: .derived(from: number.description.utf8, in: identity.epoch.uuid),
            stream: try StreamName(stream),
            type: try EventType(type),
            data: data,
            metadata: metadata
        )
        let version = versions[event.stream, default: .empty].next
        versions[event.stream] = version
        let recorded = RecordedEvent(
            number: number,
            version: version,
            recordedAt: Timestamp(
                microseconds: identity.createdAt.microseconds + number.rawValue * 1_500_001
            ),
            event: event
        )
        events.append(recorded)
        chain.append(chain[chain.count - 1].appending(recorded))
    }

    func batch(after: Int64, limit: Int = 1_000, filter: EventFilter = .everything) -> EventBatch {
        let rest = events.dropFirst(Int(after)).filter {
            filter.matches(stream: $0.stream, type: $0.type)
        }
        let taken = Array(rest.prefix(limit))
        let scannedTo =
            taken.count < rest.count
            ? taken.last?.number ?? EventNumber(after) : head.number
        return EventBatch(
            epoch: identity.epoch,
            after: EventNumber(after),
            chainAfter: chain[Int(after)],
            events: taken,
            scannedTo: scannedTo,
            chain: chain[Int(scannedTo.rawValue)],
            head: head.number
        )
    }

    func page(_ range: PageRange, _ form: FeedForm = .atom) -> [UInt8] {
        let events = events[Int(range.after.rawValue)..<Int(range.last.rawValue)]
        return pageDocument(range).render(form, events: events)
    }

    func pageDocument(_ range: PageRange) -> FeedDocument {
        .page(
            range,
            of: identity,
            chainBefore: chain[Int(range.after.rawValue)],
            chain: chain[Int(range.last.rawValue)],
            updated: events[Int(range.last.rawValue) - 1].recordedAt
        )
    }

    func headDocument(isStaticCopy: Bool = false) -> FeedDocument {
        let after = layout.headDocumentAfter(head: head.number)
        return .head(
            of: identity,
            at: head,
            chainAfter: chain[Int(after.rawValue)],
            isStaticCopy: isStaticCopy
        )
    }

    func headBytes(_ form: FeedForm = .atom, isStaticCopy: Bool = false) -> [UInt8] {
        let after = layout.headDocumentAfter(head: head.number)
        let newest = events.dropFirst(Int(after.rawValue)).reversed()
        return headDocument(isStaticCopy: isStaticCopy).render(form, events: newest)
    }

    func after(_ query: String, _ form: FeedForm = .atom) throws -> [UInt8] {
        let query = try FeedQuery.parse(query)
        let after = query.after ?? .beginning
        let batch = batch(
            after: after.rawValue,
            limit: query.limit ?? identity.pageSize,
            filter: query.filter
        )
        let quiet = batch.scannedTo > .beginning ? events[Int(batch.scannedTo.rawValue) - 1] : nil
        return FeedDocument.after(
            query,
            of: identity,
            batch: batch,
            quietTime: quiet?.recordedAt
        ).render(form, events: batch.events)
    }

    func eventDocument(_ number: Int) -> EventDocument {
        EventDocument(
            events[number - 1],
            of: identity,
            chainAfter: chain[number - 1],
            chain: chain[number]
        )
    }
}

extension History {
    /// The 12 events of the examples in `feeds/README.md`.
    static func examples() throws -> History {
        var history = try History()
        try history.add(
            "loan-7",
            "Requested",
            .json(#"{"amount":1.0,"note":"a < b & c"}"#),
            .json(#"{"$correlationId":"c-1"}"#)
        )
        try history.add(
            "note",
            "Written",
            Payload(
                Array("Grüße\r\n\"x\" <y>\n".utf8),
                mediaType: MediaType("text/plain; charset=utf-8")
            )
        )
        try history.add(
            "loan-7",
            "Scanned",
            Payload([0, 255, 16, 32], mediaType: MediaType("image/png"))
        )
        try history.add(
            "loan-7",
            "Attached",
            Payload(Array(repeating: UInt8(ascii: "x"), count: 70_000), mediaType: .plainText)
        )
        try history.add("loan-7", "Approved", .json("{\n  \"by\": \"Ann\"\n}"))
        for number in 6...12 {
            try history.add("loan-\(number + 2)", "Requested", .json("{\"amount\":\(number)000}"))
        }
        return history
    }

    /// A history of small events, `{"n":1}` and so on.
    static func plain(_ count: Int, pageSize: Int = 10) throws -> History {
        var history = try History(pageSize: pageSize)
        for number in 0..<count {
            try history.add("thing-\(number % 3)", "Happened", .json("{\"n\":\(number + 1)}"))
        }
        return history
    }
}

extension FeedFacts {
    /// The chain at the document's end as its events make it; a sound document states the same.
    func chain(over events: [RecordedEvent]) -> ChainDigest {
        events.reduce(chainAfter) { $0.appending($1) }
    }
}
