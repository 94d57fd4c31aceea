import EventModel
import FeedPages
import FoundationEssentials
import Logging
import Subscriptions

extension FeedClient {
    /// Asks a server for what comes after a number.
    func answer(
        _ feed: FeedMemory.Feed,
        _ after: EventNumber,
        limit: Int,
        filter: EventFilter,
        wait: Duration?
    ) async throws -> EventBatch {
        guard !feed.isStatic else { throw cannotFilter() }
        // Unfiltered, less than a page is left; more than a page a server may not allow.
        let count = filter.isEverything ? min(limit, feed.pageSize) : limit
        let query = FeedQuery(after: after, limit: count, filter: filter)
        let form = FeedAddress.head(.atom).relativePath
        let address = try resolve("\(form)?\(query.canonical)", of: feed)
        let quiet = memory.quiet.flatMap { $0.address == address ? $0 : nil }
        let question = DocumentQuestion(
            kind: .feed,
            address: address,
            tag: quiet?.tag,
            // A static copy answers with its head document.
            limit: .bytes(
                max(WireLimits.answerDocumentBytes, WireLimits.pageBytes(pageSize: feed.pageSize))
            ),
            wait: wait
        )
        switch try await read(question, of: feed) {
        case .unchanged:
            guard let quiet else {
                throw SourceError(.malformedDocument, "\(address.absoluteString) has no body")
            }
            return quiet.batch
        case .document(let fetched):
            let document = try parse(fetched)
            noteHead(of: document, of: feed)
            guard document.facts.filter == query.filter.canonicalOrNone else {
                throw document.facts.filter == nil ? cannotFilter() : unasked(fetched)
            }
            guard document.facts.pageRange == nil, document.facts.stream == nil else {
                throw unasked(fetched)
            }
            return try await deliver(document, fetched, to: query, of: feed, askedAt: address)
        }
    }

    /// Reads the tail of a static copy: its head document, and the pages before it.
    func copiedTail(_ feed: FeedMemory.Feed, _ after: EventNumber, limit: Int) async throws
        -> EventBatch
    {
        let quiet = memory.quiet.flatMap {
            $0.address == feed.base && $0.batch.after == after ? $0 : nil
        }
        let question = DocumentQuestion(
            kind: .feed,
            address: feed.base,
            tag: quiet?.tag,
            limit: .ownPageSize
        )
        switch try await read(question, of: feed) {
        case .unchanged:
            guard let quiet else {
                throw SourceError(.malformedDocument, "\(address) has no body")
            }
            return quiet.batch
        case .document(let fetched):
            let document = try parse(fetched)
            noteHead(of: document, of: feed)
            guard document.facts.isWhole, document.facts.pageRange == nil else {
                throw unasked(fetched)
            }
            return try await deliverCopy(document, fetched, after, limit: limit)
        }
    }

    private func read(_ question: DocumentQuestion, of feed: FeedMemory.Feed) async throws
        -> DocumentAnswer
    {
        do {
            return try await reader.read(question)
        } catch let error as SourceError {
            // What is there now may be another history, or the same one further back.
            if error.code == .anotherEpoch { memory.forget() }
            if error.code == .afterHead { memory.forgetHead() }
            throw error
        }
    }

    private func noteHead(of document: ParsedFeed, of feed: FeedMemory.Feed) {
        var feed = memory.feed ?? feed
        feed.epoch = document.facts.epoch
        feed.pageSize = document.facts.pageSize
        memory.note(feed, head: document.facts.head ?? document.facts.scannedTo)
    }

    /// Delivers an answer to `after`, or recognises that it is none.
    private func deliver(
        _ document: ParsedFeed,
        _ fetched: FetchedDocument,
        to query: FeedQuery,
        of feed: FeedMemory.Feed,
        askedAt address: URL
    ) async throws -> EventBatch {
        let limit = query.limit ?? Limits.readEvents
        let after = query.after ?? .beginning
        guard document.facts.after == after else {
            guard query.filter.isEverything, document.facts.head == document.facts.scannedTo else {
                throw unasked(fetched)
            }
            logger.debug("queries are ignored: this is a static copy")
            var copy = memory.feed ?? feed
            copy.isStatic = true
            memory.note(copy, head: document.facts.scannedTo)
            return try await deliverCopy(document, fetched, after, limit: limit)
        }
        if document.facts.isWhole {
            rememberIfQuiet(document, fetched, after, askedAt: address)
            return try await deliver(
                [PendingDocument(document, from: fetched.address)],
                limit: limit
            )
        }
        rememberIfQuiet(document, fetched, after, askedAt: address)
        return try await deliverFiltered(document, fetched, limit: limit)
    }

    /// Delivers a filtered answer, which is never cut: the chain between its ends is not known.
    private func deliverFiltered(_ document: ParsedFeed, _ fetched: FetchedDocument, limit: Int)
        async throws -> EventBatch
    {
        var budget = DeliveryBudget(events: limit)
        guard document.entries.allSatisfy({ budget.take($0) }) else {
            throw SourceError(
                .tooLarge,
                "\(fetched.name) has more than \(limit) events, or more than "
                    + "\(ReadLimit.standardBytes) bytes of values"
            )
        }
        let part = ValueFetcher.Part(entries: document.entries[...], address: fetched.address)
        let events = try await ValueFetcher(reader, requestsAtOnce: settings.requestsAtOnce)
            .events(of: [part])
        return document.batch(events, head: memory.head)
    }

    /// Delivers from the head document of a static copy, or from the pages before it.
    private func deliverCopy(
        _ document: ParsedFeed,
        _ fetched: FetchedDocument,
        _ after: EventNumber,
        limit: Int
    ) async throws -> EventBatch {
        let facts = document.facts
        guard facts.scannedTo >= after else {
            memory.forgetHead()
            throw SourceError.afterHead(
                AfterHead(after: after, head: facts.scannedTo, epoch: facts.epoch),
                address: address
            )
        }
        guard facts.after <= after else {
            let feed = try await located()
            return try await deliver(try await pages(of: feed, after: after), limit: limit)
        }
        rememberIfQuiet(document, fetched, after, askedAt: fetched.address)
        var pending = PendingDocument(document, from: fetched.address)
        try pending.drop(through: after)
        return try await deliver([pending], limit: limit)
    }

    /// Keeps an answer that has nothing after a number, so that the next question is conditional.
    private func rememberIfQuiet(
        _ document: ParsedFeed,
        _ fetched: FetchedDocument,
        _ after: EventNumber,
        askedAt address: URL
    ) {
        let facts = document.facts
        guard let tag = fetched.tag, facts.scannedTo == after else { return memory.remember(nil) }
        let batch = EventBatch(
            epoch: facts.epoch,
            after: after,
            chainAfter: facts.chain,
            events: [],
            scannedTo: after,
            chain: facts.chain,
            head: facts.head ?? after
        )
        memory.remember(FeedMemory.Quiet(address: address, tag: tag, batch: batch))
    }

    private func cannotFilter() -> SourceError {
        SourceError(
            .refused,
            "\(address) ignores filters, as a static copy does: follow it without one, or follow "
                + "a server"
        )
    }

    private func unasked(_ fetched: FetchedDocument) -> SourceError {
        SourceError(.malformedDocument, "\(fetched.name) is not the document that was asked for")
    }
}

extension EventFilter {
    /// The canonical filter, or nil where every event matches.
    fileprivate var canonicalOrNone: String? { isEverything ? nil : canonical }
}
