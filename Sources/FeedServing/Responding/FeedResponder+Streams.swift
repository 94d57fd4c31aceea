import EventModel
import FeedPages
import HTTPTypes

/// The documents of one stream.
extension FeedResponder {
    /// Answers `/feed/streams/{name}`.
    func stream(_ name: StreamName, _ request: FeedRequest) async throws -> FeedResponse {
        let asked = try StreamQuery.parse(request.query, limits: wire)
        let (form, vary) = try form(asked.form, request, .feed)
        var query = asked
        query.form = form
        let document = try await renders.document {
            try await renderStream(name, query, form, try await read(name, query))
        }
        let delivery = Delivery(
            policy: CachePolicy.revalidate,
            vary: vary,
            contentLocation: asked.form == nil
                ? "\(FeedAddress.stream(name).path)?\(query.canonical)" : nil
        )
        return try await deliver(nil, delivery, for: request) { document }
    }

    /// Reads what is asked for of a stream that must be there.
    private func read(_ name: StreamName, _ query: StreamQuery) async throws -> StreamSlice {
        let slice = try await store.readStream(
            name,
            query.range,
            limit: readLimit(query.limit)
        )
        if let problem = problem(with: slice.state, of: name, query) { throw problem }
        return slice
    }

    /// Why a stream cannot be read as asked; nil where it can.
    private func problem(with state: StreamState, of name: StreamName, _ query: StreamQuery)
        -> ProblemDetails?
    {
        let kind: ProblemKind
        let detail: String
        var after: StreamVersion?
        switch state.condition {
        case .tombstoned:
            kind = .streamEnded
            detail =
                "The stream \(name) was deleted for ever: its events are in the feed of everything."
        case .deleted:
            kind = .streamDeleted
            detail =
                "The stream \(name) was deleted; an append opens it again. Its events are in the "
                + "feed of everything."
        case .open:
            if state.version == .empty {
                kind = .noSuchStream
                detail = "The stream \(name) has never had an event."
            } else if case .after(let version) = query.range, version > state.version {
                kind = .afterVersion
                after = version
                detail =
                    "after=\(version) is beyond the version of the stream \(name), "
                    + "\(state.version)."
            } else {
                return nil
            }
        }
        let said = state.metadataVersion
        return ProblemDetails(
            kind,
            detail,
            facts: [
                "stream": .text(name.text), "after": after.map { .number($0.rawValue) },
                "version": kind == .noSuchStream ? nil : .number(state.version.rawValue),
                "metadataVersion": said > .empty ? .number(said.rawValue) : nil,
                "epoch": .text(identity.epoch.description),
            ]
        )
    }

    private func renderStream(
        _ name: StreamName,
        _ query: StreamQuery,
        _ form: FeedForm,
        _ read: StreamSlice
    ) async throws -> RenderedDocument {
        var renderer = FeedRenderer(form, at: .streams, epoch: identity.epoch)
        let fitting = read.events.prefix { renderer.append($0, within: wire.answerBytes) }
        let slice = StreamSlice(
            events: Array(fitting),
            state: read.state,
            head: read.head
        )
        let span = try await span(of: slice, name, query)
        let document = FeedDocument.stream(name, query, of: identity, span: span)
        var rendered = Self.finish(renderer, document)
        if read.state.metadataVersion > .empty {
            rendered.fields[.eventFeedMetadataVersion] = read.state.metadataVersion.description
        }
        return rendered
    }

    /// Finds where a slice of a stream stands in the whole history.
    private func span(of slice: StreamSlice, _ name: StreamName, _ query: StreamQuery) async throws
        -> StreamSpan
    {
        typealias Place = (number: EventNumber, chain: ChainDigest)
        let end: Place = (slice.head.number, slice.head.chain)
        guard let lowest = slice.events.min(by: { $0.version < $1.version }),
            let highest = slice.events.max(by: { $0.version < $1.version })
        else {
            // `after` the newest version, `before` the first one, or all events are hidden.
            if case .before = query.range {
                let beginning: Place = (.beginning, .beginning)
                return StreamSpan(slice, after: beginning, scannedTo: beginning)
            }
            var asked = StreamVersion.empty
            if case .after(let version) = query.range { asked = version }
            return StreamSpan(
                slice,
                after: try await place(of: asked, in: name, slice.state),
                scannedTo: end,
                quietTime: slice.head.recordedAt
            )
        }
        let scannedTo =
            highest.version == slice.version ? end : try await place(at: highest.number)
        return StreamSpan(
            slice,
            after: try await place(before: lowest, slice.state),
            scannedTo: scannedTo
        )
    }

    /// The place of a version, or the beginning where it is hidden: then no event up to it is read.
    private func place(of version: StreamVersion, in name: StreamName, _ state: StreamState)
        async throws -> (number: EventNumber, chain: ChainDigest)
    {
        guard let event = try await event(of: name, version: version, state) else {
            return (.beginning, .beginning)
        }
        return try await place(at: event.number)
    }

    /// Where the slice begins whose first event this is: at the stream's event before it, or, where
    /// that one is not read any more, right before the event itself.
    private func place(before event: RecordedEvent, _ state: StreamState) async throws
        -> (number: EventNumber, chain: ChainDigest)
    {
        guard event.version > StreamVersion(1) else { return (.beginning, .beginning) }
        let version = StreamVersion(event.version.rawValue - 1)
        let before = try await self.event(of: event.stream, version: version, state)
        return try await place(at: before?.number ?? EventNumber(event.number.rawValue - 1))
    }

    /// An event of a stream, as far as it is read; nil where it is hidden, and for version 0.
    private func event(of name: StreamName, version: StreamVersion, _ state: StreamState)
        async throws -> RecordedEvent?
    {
        guard version > .empty, version >= state.firstLive else { return nil }
        let slice = try await store.readStream(
            name,
            .after(StreamVersion(version.rawValue - 1)),
            limit: ReadLimit(events: 1)
        )
        // Its age may hide it, and since the slice was read everything may.
        return slice.events.first.flatMap { $0.version == version ? $0 : nil }
    }

    /// A number with the chain there.
    private func place(at number: EventNumber) async throws
        -> (number: EventNumber, chain: ChainDigest)
    {
        let batch = try await store.read(
            after: number,
            limit: ReadLimit(events: 1, bytes: 1),
            matching: .everything
        )
        return (number, batch.chainAfter)
    }
}
