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
        guard slice.version > .empty else {
            throw ProblemDetails(
                .noSuchStream,
                "The stream \(name) has never had an event.",
                facts: [
                    "stream": .text(name.text), "epoch": .text(identity.epoch.description),
                ]
            )
        }
        if case .after(let version) = query.range, version > slice.version {
            throw ProblemDetails(
                .afterVersion,
                "after=\(version) is beyond the version of the stream \(name), \(slice.version).",
                facts: [
                    "stream": .text(name.text), "after": .number(version.rawValue),
                    "version": .number(slice.version.rawValue),
                    "epoch": .text(identity.epoch.description),
                ]
            )
        }
        return slice
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
        return Self.finish(renderer, document)
    }

    /// Finds where a slice of a stream stands in the whole history.
    private func span(of slice: StreamSlice, _ name: StreamName, _ query: StreamQuery) async throws
        -> StreamSpan
    {
        typealias Place = (number: EventNumber, chain: ChainDigest)
        let versions = slice.events.map(\.version)
        let end: Place = (slice.head.number, slice.head.chain)
        guard let lowest = versions.min(),
            let highest = slice.events.max(by: { $0.version < $1.version })
        else {
            // `after` the newest version, or `before` the first one.
            guard case .after(let version) = query.range else {
                let beginning: Place = (.beginning, .beginning)
                return StreamSpan(slice, after: beginning, scannedTo: beginning)
            }
            return StreamSpan(
                slice,
                after: try await place(of: version, in: name),
                scannedTo: end,
                quietTime: slice.head.recordedAt
            )
        }
        let before = StreamVersion(lowest.rawValue - 1)
        let scannedTo =
            highest.version == slice.version ? end : try await place(at: highest.number)
        return StreamSpan(
            slice,
            after: try await place(of: before, in: name),
            scannedTo: scannedTo
        )
    }

    /// The number of a stream's version, with the chain there; the beginning for version 0.
    private func place(of version: StreamVersion, in name: StreamName) async throws
        -> (number: EventNumber, chain: ChainDigest)
    {
        guard version > .empty else { return (.beginning, .beginning) }
        let before = StreamVersion(version.rawValue - 1)
        let slice = try await store.readStream(name, .after(before), limit: ReadLimit(events: 1))
        guard let event = slice.events.first else {
            throw EventStoreError(.corrupt, "version \(version) of stream \(name) is missing")
        }
        return try await place(at: event.number)
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
