import EventModel
import FeedPages
import Testing

/// Documents that reach the highest number there is, 2^63 - 1, which none can follow.
@Suite struct `A document up to the highest number` {
    /// 49 divides the highest number, so that the last page is complete.
    private let pageSize = 49
    private let highest = EventNumber(.max)

    /// Events up to the highest number; their chain begins anywhere.
    private func events(_ count: Int, _ history: History) throws -> [RecordedEvent] {
        try (0..<count).map { index in
            let number = EventNumber(.max - Int64(count - 1 - index))
            return RecordedEvent(
                number: number,
                version: StreamVersion(number.rawValue),
                recordedAt: history.identity.createdAt,
                event: NewEvent(
                    id: .derived(from: number.description.utf8, in: history.identity.epoch.uuid),
                    stream: try StreamName("s"),
                    type: try EventType("T"),
                    data: .json("{}")
                )
            )
        }
    }

    private func answer(_ events: [RecordedEvent], _ history: History) -> FeedDocument {
        let after = EventNumber(.max - Int64(events.count))
        return .after(
            FeedQuery(after: after),
            of: history.identity,
            batch: EventBatch(
                epoch: history.identity.epoch,
                after: after,
                chainAfter: .beginning,
                events: events,
                scannedTo: highest,
                chain: events.reduce(.beginning) { $0.appending($1) },
                head: highest
            ),
            quietTime: history.identity.createdAt
        )
    }

    private func render(
        _ document: FeedDocument,
        _ form: FeedForm,
        at place: DocumentPlace = .root,
        _ events: [RecordedEvent]
    ) -> [UInt8] {
        var renderer = FeedRenderer(form, at: place, epoch: document.facts.epoch)
        for event in events { renderer.append(event) }
        return renderer.finish(document)
    }

    @Test(arguments: FeedForm.allCases, [0, 1, 48, 49, 50])
    func `is read`(form: FeedForm, count: Int) throws {
        let history = try History(pageSize: pageSize)
        let events = try events(count, history)
        let document = answer(events, history)
        let read = try ParsedFeed.parse(
            render(document, form, events),
            form,
            fields: document.facts.fields
        )
        #expect(read.facts == document.facts)
        #expect(try read.entries.map { try $0.recorded() } == events)
    }

    @Test(arguments: FeedForm.allCases)
    func `is refused where an event is missing or beyond it`(form: FeedForm) throws {
        let history = try History(pageSize: pageSize)
        let events = try events(3, history)
        let document = answer(events, history)
        for others in [[], Array(events.dropFirst()), [events[0], events[2]], [events[0]]] {
            try expectHole(in: render(document, form, others), form, document.facts)
        }
        let empty = answer([], history)
        try expectHole(in: render(empty, form, events), form, empty.facts)
    }

    @Test(arguments: FeedForm.allCases)
    func `may be the last page`(form: FeedForm) throws {
        let history = try History(pageSize: pageSize)
        let events = try events(pageSize, history)
        let range = try #require(history.layout.page(containing: highest))
        let document = FeedDocument.page(
            range,
            of: history.identity,
            chainBefore: .beginning,
            chain: events.reduce(.beginning) { $0.appending($1) },
            updated: history.identity.createdAt
        )
        let bytes = render(document, form, at: .pages, events)
        let read = try ParsedFeed.parse(bytes, form, fields: document.facts.fields)
        #expect(read.facts.pageRange == range)
        #expect(read.entries.last?.number == highest)
        #expect(!read.links.contains { $0.relation == "previous" })
        let cut = render(document, form, at: .pages, Array(events.dropLast()))
        try expectHole(in: cut, form, document.facts)
        try expectHole(in: render(document, form, at: .pages, []), form, document.facts)
    }

    private func expectHole(in bytes: [UInt8], _ form: FeedForm, _ facts: FeedFacts) throws {
        let error = #expect(throws: FeedFormatError.self) {
            try ParsedFeed.parse(bytes, form, fields: facts.fields)
        }
        #expect(error?.code == .hole, "\(String(describing: error))")
    }
}
