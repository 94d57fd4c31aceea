import AccessControl
import EventModel
import HTTPTypes

/// Pages of everything.
extension Exchange {
    private static let usualCount: Int64 = 20

    /// Answers `/streams/$all` and its pages.
    func all(_ page: WireRoute.PageAddress?, _ codec: WireCodec) async throws -> WireResponse {
        try await answer(try allRequest(page, codec, filter: nil))
    }

    /// Answers `/streams/$all/filtered` and its pages.
    func filtered(_ page: WireRoute.PageAddress?, _ codec: WireCodec) async throws -> WireResponse {
        try await answer(try allRequest(page, codec, filter: try AllFilter(request.query)))
    }

    private func allRequest(
        _ page: WireRoute.PageAddress?,
        _ codec: WireCodec,
        filter: AllFilter?
    ) throws -> AllRequest {
        let isForward = page?.isForward ?? false
        let from = try page.flatMap { try WireNumbers.place($0.from) }
        if isForward, let page, from == nil {
            throw WireRefusal.invalid("Invalid position argument: \(page.from)")
        }
        let count = try page.map { try WireNumbers.countOfAll($0.count) } ?? Self.usualCount
        let form = try form(codec)
        try headers.checkRequiredLeader()
        return AllRequest(
            from: from,
            count: count,
            isForward: isForward,
            form: form,
            longPollSeconds: isForward
                ? try headers.longPollSeconds(atMost: interface.settings.longPollSeconds) : nil,
            filter: filter
        )
    }

    private func answer(_ asked: AllRequest) async throws -> WireResponse {
        var isPublic = try await demand(.all)
        if let seconds = asked.longPollSeconds {
            try await hold(asked, seconds)
            isPublic = try await demandAgain(.all)
        }
        let codec = asked.form.codec
        let head = try await store.head().number
        let condition = WireCondition(request.fields.joined(.ifNoneMatch))
        if condition?.holds(number: head.rawValue, codec: codec) == true {
            return WireAnswers.notModified
        }
        var isComplete = false
        let document = try await connection.document(for: nil) {
            let (reading, shown) = try await read(asked, head)
            isComplete = AllFeed.isComplete(asked, reading)
            let feed = AllFeed.document(asked, reading, shown.entries, addresses)
            return WireDocument(
                render(feed, asked.form),
                isFixed: false,
                isPublic: shown.isPublic
            )
        }
        isPublic = isPublic && document.isPublic
        return WireAnswers.document(
            document,
            as: codec,
            caching: isComplete
                ? WireCaching.complete(isPublic: isPublic)
                : WireCaching.current(seconds: nil, isPublic: isPublic),
            tag: isComplete ? nil : WireTag.text(number: head.rawValue, codec: codec)
        )
    }

    /// Waits while a page that goes forward has nothing yet.
    private func hold(_ asked: AllRequest, _ seconds: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var place = asked.from ?? .beginning
        while true {
            let head = try await store.head().number
            if place < head {
                guard asked.filter != nil else { return }
                // Only what was not yet looked at is looked at.
                let reading = try await scan(asked).forward(after: place, head: head)
                guard reading.events.isEmpty else { return }
                place = reading.through
                if place < head { continue }
            }
            guard try await connection.wait(beyond: head, until: deadline) else { return }
        }
    }

    private func scan(_ asked: AllRequest) -> AllScan {
        AllScan(
            store: store,
            filter: asked.filter,
            count: Int(asked.count),
            bytes: interface.settings.pageBytes
        )
    }

    /// Reads a page and what its links lead to; it ends where there is no more room.
    private func read(_ asked: AllRequest, _ head: EventNumber) async throws
        -> (AllReading, ShownEntries)
    {
        let resolvesLinks = asked.form.resolvesLinks
        guard asked.isForward else {
            var reading = try await scan(asked).backward(
                through: min(asked.from ?? head, head),
                head: head
            )
            // The newest come first, so that it is the oldest that have no room.
            var shown = try await entries(of: reading.events.reversed(), resolvesLinks)
            shown.entries.reverse()
            let dropped = reading.events.count - shown.entries.count
            if dropped > 0 {
                reading.after = reading.events[dropped - 1].number
                reading.isFull = true
            }
            return (reading, shown)
        }
        var reading = try await scan(asked).forward(
            after: min(asked.from ?? .beginning, head),
            head: head
        )
        let shown = try await entries(of: reading.events, resolvesLinks)
        if shown.entries.count < reading.events.count, !shown.entries.isEmpty {
            reading.through = reading.events[shown.entries.count - 1].number
            reading.isFull = true
        }
        return (reading, shown)
    }
}

/// Reads consecutive events of the whole history, in either direction and bounded.
struct AllScan {
    let store: any EventStore
    let filter: AllFilter?
    /// How many events are wanted.
    let count: Int
    /// Bytes of data and metadata that they may hold.
    let bytes: Int

    /// Numbers that a filtered page looks at.
    private static let scannedNumbers = Int64(Limits.scannedNumbers)
    /// Numbers that one step of a filtered page looks at.
    private static let step: Int64 = 500
    /// Numbers that one step of a page that goes back reads: what has no room is read in vain.
    private static let stepBack: Int64 = 64

    /// The events after a number.
    func forward(after start: EventNumber, head: EventNumber) async throws -> AllReading {
        var page = Selection(count: count, room: bytes)
        var through = start
        let end =
            filter == nil
            ? head
            : min(head, EventNumber(start.rawValue + min(Self.scannedNumbers, head.rawValue)))
        while through < end, !page.isFull {
            let batch = try await store.read(
                after: through,
                limit: ReadLimit(
                    events: filter == nil ? page.missing : max(count, Int(Self.step)),
                    bytes: filter == nil ? page.room : ReadLimit.standardBytes
                ),
                matching: .everything
            )
            for event in batch.events where event.number <= end {
                if matches(event), !page.take(event) { break }
                through = event.number
                if page.isFull { break }
            }
            if batch.events.isEmpty { break }
        }
        return AllReading(
            events: page.events,
            head: head,
            after: start,
            through: through,
            isFull: page.isFull
        )
    }

    /// The events up to and with a number, the newest of them where not all have room.
    func backward(through end: EventNumber, head: EventNumber) async throws -> AllReading {
        var page = Selection(count: count, room: bytes)
        var after = end
        let floor =
            filter == nil ? 0 : max(0, end.rawValue - Self.scannedNumbers)
        while after.rawValue > floor, !page.isFull {
            let span = filter == nil ? min(Int64(page.missing), Self.stepBack) : Self.step
            let start = EventNumber(max(floor, after.rawValue - span))
            for event in try await newest(after: start, through: after, room: page.room) {
                if matches(event), !page.take(event) { break }
                after = EventNumber(event.number.rawValue - 1)
                if page.isFull { break }
            }
        }
        return AllReading(
            events: page.events.reversed(),
            head: head,
            after: after,
            through: end,
            isFull: page.isFull
        )
    }

    /// The events of a page, in the order in which they were met: so many, and so many bytes; the
    /// first always has room.
    private struct Selection {
        let count: Int
        /// Bytes that are left, at least 1.
        private(set) var room: Int
        private(set) var events: [RecordedEvent] = []
        /// Whether the page has all it wants, or met what has no room.
        private(set) var isFull = false

        init(count: Int, room: Int) {
            self.count = count
            self.room = room
        }

        /// Events that are still wanted.
        var missing: Int { count - events.count }

        /// Takes an event; false where it has no room, and then the page is full.
        mutating func take(_ event: RecordedEvent) -> Bool {
            guard events.isEmpty || event.event.byteCount <= room else {
                isFull = true
                return false
            }
            room = max(1, room - event.event.byteCount)
            events.append(event)
            isFull = missing == 0
            return true
        }
    }

    /// The newest events of a span that have room, newest first; at least one.
    private func newest(after start: EventNumber, through end: EventNumber, room: Int)
        async throws -> [RecordedEvent]
    {
        var kept: [RecordedEvent] = []
        var size = 0
        var dropped = 0
        var place = start
        while place < end {
            let batch = try await store.read(
                after: place,
                limit: ReadLimit(events: Int(end.rawValue - place.rawValue)),
                matching: .everything
            )
            guard let last = batch.events.last else { break }
            place = last.number
            for event in batch.events where event.number <= end {
                kept.append(event)
                size += event.event.byteCount
            }
            while size > room, kept.count - dropped > 1 {
                size -= kept[dropped].event.byteCount
                dropped += 1
            }
            kept.removeFirst(dropped)
            dropped = 0
        }
        return kept.reversed()
    }

    private func matches(_ event: RecordedEvent) -> Bool { filter?.matches(event) ?? true }
}
