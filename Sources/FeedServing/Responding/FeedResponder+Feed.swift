import EventModel
import FeedPages
import HTTPTypes
import NIOCore

/// The head document, and what comes after a number.
extension FeedResponder {
    /// Answers `/feed`, `/feed.atom`, `/feed.json`, `/feed.ndjson`, with any query.
    func feed(_ fixed: FeedForm?, _ request: FeedRequest, _ inputClosed: Latch) async throws
        -> FeedResponse
    {
        let query = try FeedQuery.parse(request.query, limits: wire)
        let (form, vary) = try form(fixed, request, .feed)
        if let instant = query.since {
            let number = try await store.lastNumber(recordedBefore: instant)
            let location = "\(FeedAddress.head(form).path)?\(query.following(number).canonical)"
            return Self.redirect(to: location, CachePolicy.never, vary: vary)
        }
        guard !query.isEmpty else {
            let location = fixed == nil ? FeedAddress.head(form).path : nil
            return try await headDocument(form, vary, location, request)
        }
        return try await after(query, form, isNegotiated: fixed == nil, request, inputClosed)
    }

    private func headDocument(
        _ form: FeedForm,
        _ vary: String,
        _ contentLocation: String?,
        _ request: FeedRequest
    ) async throws -> FeedResponse {
        let head = try await store.head()
        let delivery = Delivery(
            policy: CachePolicy.revalidate,
            vary: vary,
            contentLocation: contentLocation
        )
        return try await deliver(.head(head.number, form), delivery, for: request) {
            try await renderHead(head, form)
        }
    }

    private func after(
        _ query: FeedQuery,
        _ form: FeedForm,
        isNegotiated: Bool,
        _ request: FeedRequest,
        _ inputClosed: Latch
    ) async throws -> FeedResponse {
        let preferred = query.wait == nil ? Preference.wait(request, limits: wire) : nil
        let wait = query.wait ?? preferred
        let delivery = Delivery(
            policy: wait == nil ? CachePolicy.revalidate : CachePolicy.never,
            vary: Vary.held(isNegotiated ? Vary.negotiated : Vary.fixed),
            contentLocation: isNegotiated
                ? "\(FeedAddress.head(form).path)?\(query.canonical)" : nil,
            preferenceApplied: preferred.map { "wait=\($0)" }
        )
        let after = query.after ?? .beginning
        var head = try await store.head()
        guard after <= head.number else {
            throw AfterHead(after: after, head: head.number, epoch: identity.epoch)
        }
        let hold = Hold(seconds: wait ?? 0, inputClosed: inputClosed, responder: self)
        guard query.filter.isEverything else {
            let batch = try await hold.firstMatch(query, limit: readLimit(query.limit))
            return try await deliver(nil, delivery, for: request) {
                try await renders.document { try await renderAfter(query, form, batch) }
            }
        }
        if after == head.number {
            try await hold.wait(beyond: after)
            head = try await store.head()
        }
        let key = DocumentKey.after(query.canonical, form, head: head.number)
        return try await deliver(key, delivery, for: request) {
            let batch = try await store.read(
                after: after,
                limit: readLimit(query.limit),
                matching: .everything
            )
            return try await renderAfter(query, form, batch)
        }
    }

    /// The limit of a read for a `limit` that was given, or not.
    func readLimit(_ limit: Int?) -> ReadLimit {
        ReadLimit(events: limit ?? identity.pageSize, bytes: wire.answerBytes)
    }
}

// Rendering.
extension FeedResponder {
    /// Renders the answer to `after` from what was read, cut to the bytes of an answer.
    private func renderAfter(_ query: FeedQuery, _ form: FeedForm, _ read: EventBatch) async throws
        -> RenderedDocument
    {
        var batch = read
        var renderer = FeedRenderer(form, at: .root, epoch: identity.epoch)
        for (index, event) in batch.events.enumerated()
        where !renderer.append(event, within: wire.answerBytes) {
            // The chain at the place of the cut is the store's to say.
            batch = try await store.read(
                after: batch.after,
                limit: ReadLimit(events: index),
                matching: query.filter
            )
            break
        }
        var quietTime: Timestamp?
        if batch.events.isEmpty, batch.scannedTo > .beginning {
            quietTime = try await store.event(batch.scannedTo)?.recordedAt
        }
        let document = FeedDocument.after(
            query,
            of: identity,
            batch: batch,
            quietTime: quietTime
        )
        return Self.finish(renderer, document)
    }

    /// Renders the head document, newest first, with no more in memory than one read returns.
    private func renderHead(_ head: Head, _ form: FeedForm) async throws -> RenderedDocument {
        let after = layout.headDocumentAfter(head: head.number)
        var segments: [(after: EventNumber, through: EventNumber)] = []
        var newest: EventBatch?
        var chainAfter = ChainDigest.beginning
        var walk = HistoryWalk(store, after: after, through: head.number)
        while let batch = try await walk.next() {
            if segments.isEmpty { chainAfter = batch.chainAfter }
            segments.append((batch.after, batch.scannedTo))
            newest = batch
        }
        var renderer = FeedRenderer(form, at: .root, epoch: identity.epoch)
        for (start, end) in segments.reversed() {
            // All but the last part are read again: only one is in memory at a time.
            let batch: EventBatch
            if let newest, newest.after == start {
                batch = newest
            } else {
                newest = nil
                batch = try await store.read(
                    after: start,
                    limit: ReadLimit(events: Int(end.rawValue - start.rawValue)),
                    matching: .everything
                )
            }
            for event in batch.events.reversed() { renderer.append(event) }
        }
        let document = FeedDocument.head(of: identity, at: head, chainAfter: chainAfter)
        return Self.finish(renderer, document)
    }

    /// Puts the document around the events, and the fields around the document.
    static func finish(
        _ renderer: consuming FeedRenderer,
        _ document: FeedDocument
    ) -> RenderedDocument {
        let form = renderer.form
        var fields = document.facts.fields
        fields[.contentType] = form.feedMediaType
        let links = document.links(form).fieldValue
        if !links.isEmpty { fields[.link] = links }
        let bytes = renderer.finish(document)
        let tag = EntityTag(of: bytes, version: document.facts.stream?.version)
        return RenderedDocument(bytes, tag: tag, fields: fields)
    }
}
