import AccessControl
import EventModel
import HTTPTypes

/// Pages of one stream.
extension Exchange {
    /// Events of a page whose address names no count: 20.
    private static let usualCount: Int64 = 20

    /// Answers a request for a page of a stream, or for its description document.
    func page(
        _ name: String,
        _ page: WireRoute.PageAddress?,
        _ codec: WireCodec,
        _ asked: CodecChoice.Asked
    ) async throws -> WireResponse {
        if codec == .streamDescription, page?.isForward != true {
            return WireAnswers.description(of: name, asked)
        }
        let stream = try StreamName(name)
        let isForward = page?.isForward ?? false
        let from = try page.flatMap {
            isForward ? try WireNumbers.number($0.from) : try WireNumbers.event($0.from)
        }
        let count = try page.map { try WireNumbers.count($0.count) } ?? Self.usualCount
        let form = try form(codec)
        try headers.checkRequiredLeader()
        let asked = PageRequest(
            stream: stream,
            from: from,
            count: count,
            isForward: isForward,
            form: form,
            longPollSeconds: isForward
                ? try headers.longPollSeconds(atMost: interface.settings.longPollSeconds) : nil
        )
        return try await answer(asked)
    }

    private func answer(_ asked: PageRequest) async throws -> WireResponse {
        var isPublic = try await demand(.stream(asked.stream, .read))
        var state = try await store.streamState(asked.stream)
        let condition = WireCondition(request.fields.joined(.ifNoneMatch))
        if let seconds = asked.longPollSeconds {
            state = try await held(asked, state, seconds)
            isPublic = try await demandAgain(.stream(asked.stream, .read))
        }
        if let failure = Self.failure(of: state) { return failure }
        let last = state.version.rawValue - 1
        if condition?.holds(number: last, codec: asked.form.codec) == true {
            return WireAnswers.notModified
        }
        let numbers = PageNumbers(asked, state)
        let document = try await connection.document(for: key(asked, state)) {
            var (events, reading) = try await read(asked.stream, numbers, state)
            let shown = try await entries(of: events, asked.form.resolvesLinks)
            if shown.entries.count < events.count {
                reading = PageReading(cutAt: shown.entries.last?.event.number, hasGap: false)
            }
            let feed = StreamFeed.document(asked, numbers, reading, shown.entries, addresses)
            return WireDocument(
                render(feed, asked.form),
                isFixed: state.metadata.maximumAge == nil && !shown.hasLinks,
                isPublic: shown.isPublic
            )
        }
        // What is said about a stream is for those who may read that, so no shared cache keeps it.
        isPublic = isPublic && document.isPublic && !asked.stream.isMetadataStream
        let caching =
            numbers.isComplete
            ? WireCaching.complete(isPublic: isPublic)
            : WireCaching.current(seconds: state.metadata.cacheSeconds, isPublic: isPublic)
        return WireAnswers.document(
            document,
            as: asked.form.codec,
            caching: caching,
            tag: numbers.isComplete
                ? nil : WireTag.text(number: last, codec: asked.form.codec)
        )
    }

    /// What a page is a function of, apart from what its links lead to.
    private func key(_ asked: PageRequest, _ state: StreamState) -> String {
        [
            asked.stream.text, asked.from?.description ?? "head", asked.count.description,
            asked.isForward.description, asked.form.codec.rawValue, asked.form.embed.rawValue,
            asked.form.resolvesLinks.description, addresses.base, state.version.description,
            state.metadataVersion.description,
        ].joined(separator: "\n")
    }

    /// Why nothing is read of a stream; nil where something may be.
    static func failure(of state: StreamState) -> WireResponse? {
        switch state.condition {
        case .tombstoned: WireAnswers.outcome(410, "Deleted")
        case .deleted: WireAnswers.outcome(404, "Not Found")
        case .open:
            state.version == .empty ? WireAnswers.outcome(404, "Not Found") : nil
        }
    }

    /// Waits while a page that goes forward has nothing yet.
    private func held(_ asked: PageRequest, _ state: StreamState, _ seconds: Int) async throws
        -> StreamState
    {
        var state = state
        let deadline = ContinuousClock.now + .seconds(seconds)
        let from = asked.from ?? 0
        while state.version.rawValue <= from, state.condition != .tombstoned {
            // The head comes before the state, so that no event between the two is missed.
            let head = try await store.head().number
            state = try await store.streamState(asked.stream)
            guard state.version.rawValue <= from, state.condition != .tombstoned else { break }
            guard try await connection.wait(beyond: head, until: deadline) else { break }
            state = try await store.streamState(asked.stream)
        }
        return state
    }

    /// Reads the events of a page's window.
    private func read(_ stream: StreamName, _ numbers: PageNumbers, _ state: StreamState)
        async throws -> ([RecordedEvent], PageReading)
    {
        guard let (range, count) = numbers.range, let window = numbers.window else {
            return ([], PageReading(cutAt: nil, hasGap: false))
        }
        let limit = ReadLimit(events: count, bytes: interface.settings.pageBytes)
        let slice = try await store.readStream(stream, range, limit: limit)
        // Old events may be gone by their age, and then the read goes on behind the window.
        let events = slice.events.filter { window.contains($0.version.rawValue - 1) }
        guard events.count < count else { return (events, PageReading(cutAt: nil, hasGap: false)) }
        guard let last = events.last?.version else {
            return ([], PageReading(cutAt: nil, hasGap: true))
        }
        let wasCut =
            numbers.isForward
            ? last.rawValue - 1 < window.upperBound
            : try await hasEvents(of: stream, before: last)
        return (
            events, PageReading(cutAt: wasCut ? last.rawValue - 1 : nil, hasGap: !wasCut)
        )
    }

    private func hasEvents(of stream: StreamName, before version: StreamVersion) async throws
        -> Bool
    {
        let limit = ReadLimit(events: 1, bytes: 1)
        return try await !store.readStream(stream, .before(version), limit: limit).events.isEmpty
    }

    /// A page in its media type.
    func render(_ feed: WireFeed, _ form: PageForm) -> [UInt8] {
        if form.codec == .html { return HTMLDocument.render(feed) }
        return form.codec.isXML
            ? FeedXML.render(feed, embed: form.embed, addresses: addresses)
            : FeedJSON.render(feed, embed: form.embed, addresses: addresses)
    }
}
