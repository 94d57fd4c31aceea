import EventModel
import FeedPages
import FoundationEssentials
import Logging
import Subscriptions

extension FeedClient {
    /// Pages kept ahead at the most, however small they are.
    private static let pagesAhead = 16

    /// Fetches the complete pages from the one that holds the next number on.
    ///
    /// The first page is there when this returns. What follows it is there as far as it could be
    /// read without trouble; a page that could not will be the first of the next call, which then
    /// says why.
    func pages(of feed: FeedMemory.Feed, after: EventNumber) async throws -> [PendingDocument] {
        let wanted = Array(
            feed.layout.completePages(after: after, upTo: memory.head).prefix(Self.pagesAhead)
        )
        guard let first = wanted.first else {
            throw SourceError(.unexpected, "\(address): no complete page after \(after)")
        }
        let head = memory.head
        let atOnce = memory.pagesAtOnce
        let whole = WireLimits.pageBytes(pageSize: feed.pageSize)
        let share = min(whole, settings.bytesAhead / 2 / settings.requestsAtOnce)
        var documents: [PendingDocument]
        do {
            guard atOnce > 1 else { throw PageTooLarge() }
            documents = try await window(of: feed, wanted, atOnce: atOnce, limits: (share, whole))
            memory.pagesAtOnce = min(settings.requestsAtOnce, atOnce + 1)
        } catch is PageTooLarge {
            let page = try await page(first, of: feed, limit: whole)
            documents = [page]
            // One that would have fitted ends the caution.
            memory.pagesAtOnce = page.byteCount <= share ? min(settings.requestsAtOnce, 2) : 1
        }
        // A page that failed ahead has made the head forgotten. It is asked for again first, and
        // only then it counts: without a head, what comes before it would seem to be all there is.
        memory.note(feed, head: head)
        logger.debug("read ahead", metadata: ["pages": "\(documents.count)", "after": "\(after)"])
        try documents[0].drop(through: after)
        return documents
    }

    /// A page was larger than what may be read ahead.
    private struct PageTooLarge: Error {}

    /// Fetches pages in parallel; half of the bytes may be on the way, the other half at rest.
    private func window(
        of feed: FeedMemory.Feed,
        _ wanted: [PageRange],
        atOnce: Int,
        limits: (share: Int, whole: Int)
    ) async throws -> [PendingDocument] {
        try await withThrowingTaskGroup(
            of: (place: Int, page: Result<PendingDocument, any Error>).self
        ) { group in
            var pages: [Int: PendingDocument] = [:]
            var held = 0
            var end = wanted.count
            var next = 0
            func start() {
                let place = next
                next += 1
                group.addTask {
                    do {
                        return (
                            place,
                            .success(try await page(wanted[place], of: feed, limit: limits.share))
                        )
                    } catch {
                        return (place, .failure(error))
                    }
                }
            }
            while next < min(atOnce, end) { start() }
            while let (place, result) = try await group.next() {
                switch result {
                case .success(let page):
                    pages[place] = page
                    held += page.byteCount
                case .failure(let error) where place == 0:
                    group.cancelAll()
                    let isTooLarge = (error as? SourceError)?.code == .tooLarge
                    throw isTooLarge && limits.share < limits.whole ? PageTooLarge() : error
                case .failure:
                    end = min(end, place)
                }
                if next < end, held < settings.bytesAhead / 2 { start() }
            }
            // A cancelled window may lack pages, none of which was refused.
            try Task.checkCancellation()
            return (0..<end).prefix { pages[$0] != nil }.compactMap { pages[$0] }
        }
    }

    /// Fetches one complete page and checks that it is the one that was asked for.
    func page(_ range: PageRange, of feed: FeedMemory.Feed, limit: Int) async throws
        -> PendingDocument
    {
        let fetched = try await fetchPage(range, of: feed, limit: limit)
        return PendingDocument(try checkedPage(fetched, range, of: feed), from: fetched.address)
    }

    /// Fetches the bytes of one complete page.
    func fetchPage(_ range: PageRange, of feed: FeedMemory.Feed, limit: Int) async throws
        -> FetchedDocument
    {
        let path = FeedAddress.page(epoch: feed.epoch.shortForm, range: range, form: .atom)
        let address = try resolve(path.relativePath, of: feed)
        do {
            let question = DocumentQuestion(kind: .feed, address: address, limit: .bytes(limit))
            guard case .document(let fetched) = try await reader.read(question) else {
                throw SourceError(.malformedDocument, "\(address.absoluteString) has no body")
            }
            return fetched
        } catch let error as SourceError {
            throw missingPage(error, range, of: feed)
        }
    }

    /// Parses one complete page and checks that it is the one that was asked for.
    func checkedPage(_ fetched: FetchedDocument, _ range: PageRange, of feed: FeedMemory.Feed)
        throws(SourceError) -> ParsedFeed
    {
        let page = try parse(fetched)
        let facts = page.facts
        guard facts.epoch == feed.epoch else {
            memory.forget()
            throw SourceError(
                .anotherEpoch,
                "\(fetched.name) belongs to another history",
                difference: .epoch(expected: feed.epoch, actual: facts.epoch)
            )
        }
        if facts.pageRange == nil, facts.isWhole, let head = facts.head, head < range.last {
            // The page that is being filled leads to what there is: the head was higher before.
            memory.forgetHead()
            throw lagging(range, head: head, epoch: facts.epoch)
        }
        guard facts.pageRange == range, facts.isWhole, facts.pageSize == feed.pageSize else {
            throw SourceError(
                .malformedDocument,
                "\(fetched.name) is not the page \(range) of \(feed.pageSize) events"
            )
        }
        return page
    }

    /// What it means that a page which must be there was refused.
    private func missingPage(_ error: SourceError, _ range: PageRange, of feed: FeedMemory.Feed)
        -> SourceError
    {
        let problem = error.cause as? ProblemDetails
        if error.code == .anotherEpoch { memory.forget() }
        if problem?.kind == .noSuchPage,
            let head = problem?.number("head").flatMap(EventNumber.init(rawValue:)),
            let epoch = problem?.text("epoch").flatMap({ Epoch($0) }), head < range.last
        {
            memory.forgetHead()
            return lagging(range, head: head, epoch: epoch)
        }
        let isGone = error.difference == .status(404) || error.difference == .status(410)
        guard isGone || (!reader.mayAnswerQueries && error.code == .unreachable) else {
            return error
        }
        // A static copy may be in the middle of being replaced: its head document is asked again.
        memory.forgetHead()
        return SourceError(
            .hole,
            "\(error.message): the head document says that this page is there",
            difference: error.difference,
            cause: error.cause
        )
    }

    private func lagging(_ range: PageRange, head: EventNumber, epoch: Epoch) -> SourceError {
        SourceError(
            .headWentBack,
            "\(address) ends at event \(head), but had all of the page \(range) before: it lags",
            difference: .head(expected: range.last, actual: head, epoch: epoch)
        )
    }

    /// An address relative to the head document.
    func resolve(_ reference: String, of feed: FeedMemory.Feed) throws(SourceError) -> URL {
        guard let address = URL(string: reference, relativeTo: feed.base)?.absoluteURL else {
            throw SourceError(.unusableAddress, "\(address): nothing can be found beside it")
        }
        return address
    }
}
