import AtomFormat
public import EventModel
import FeedPages
import FoundationEssentials
import Subscriptions

/// A walk over everything that a feed has published, byte for byte as it was published: what a
/// copy of it is made from.
///
/// The end is fixed when the walk begins. Every page is checked before its bytes are handed out:
/// parsed, its chain computed, and compared with that of the page before; values that stand
/// elsewhere are checked by length and digest.
public struct PageWalk: Sendable {
    /// A file of the copy.
    public struct File: Hashable, Sendable {
        /// The path below the folder of the copy, with `/` between its parts.
        public let path: String
        /// The bytes as the server has them.
        public let bytes: [UInt8]

        init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }

        init(_ file: ExportLayout.File) {
            self.init(path: file.path, bytes: file.bytes)
        }
    }

    /// What the feed states about its store; the time of its creation only while it is empty.
    public let identity: StoreIdentity
    /// Where the feed ended when the walk began.
    public let head: Head

    private let client: FeedClient
    private let feed: FeedMemory.Feed
    private let headFile: FeedFile

    init(_ client: FeedClient, _ headFile: FeedFile) throws(SourceError) {
        self.client = client
        self.headFile = headFile
        let facts = headFile.feed.facts
        feed = client.feed(of: headFile)
        head = Head(
            number: facts.scannedTo,
            chain: facts.chain,
            recordedAt: headFile.feed.entries.last?.recordedAt
        )
        let atom = try headFile.atom()
        do {
            guard let updated = Timestamp(rfc3339: atom.updated) else {
                throw FeedFormatError(.invalidValue, field: "updated")
            }
            identity = StoreIdentity(
                epoch: facts.epoch,
                format: facts.format,
                creation: try StoreCreation(
                    pageSize: facts.pageSize,
                    title: atom.title.value,
                    author: atom.authors.first?.name ?? ""
                ),
                createdAt: updated
            )
        } catch {
            throw SourceError(
                .malformedDocument,
                "\(headFile.fetched.name): \(error)",
                cause: error
            )
        }
    }

    /// Finds `c` at a number.
    ///
    /// - Parameter number: At most the number of ``head``.
    /// - Returns: The chain, as the document states or proves that holds the next event.
    /// - Throws: `SourceError`; `CancellationError`.
    public func chain(at number: EventNumber) async throws -> ChainDigest {
        guard number < head.number else { return head.chain }
        return try await client.events(
            after: number,
            limit: 1,
            matching: .everything,
            waitingUpTo: nil
        ).chainAfter
    }

    /// Hands out the files of all complete pages, oldest first: of each page the values that stand
    /// elsewhere, then the page itself.
    ///
    /// Pages are fetched ahead, some at a time, which share ``FeedClient/Settings/bytesAhead``; one
    /// that is larger than its share is fetched alone. Values come one by one, so that memory stays
    /// bounded however much a page refers to.
    ///
    /// - Parameters:
    ///   - after: Only pages that hold a number beyond this one.
    ///   - chain: `c` at the end of the page before the first one that is handed out, where a copy
    ///     knows it; a feed that does not go on from there is an error.
    ///   - body: Takes one file; what it throws ends the walk.
    /// - Returns: `c` at the end of the last complete page; `chain` where no page was handed out.
    /// - Throws: `SourceError`; `CancellationError`; what `body` throws.
    @discardableResult
    public func pageFiles(
        after: EventNumber = .beginning,
        continuing chain: ChainDigest? = nil,
        _ body: (File) async throws -> Void
    ) async throws -> ChainDigest? {
        var seam = chain
        var place = after
        var atOnce = client.settings.requestsAtOnce
        while place < feed.layout.lastPaged(head: head.number) {
            let window = feed.layout.completePages(after: place, upTo: head.number).prefix(atOnce)
            for page in try await pages(Array(window), atOnce: &atOnce) {
                let facts = page.feed.facts
                try Self.check(seam, at: facts.after, facts.chainAfter, in: page)
                try await valueFiles(of: page, body)
                try await body(File(path: path(of: page), bytes: page.fetched.bytes))
                seam = facts.chain
                place = facts.scannedTo
            }
        }
        return seam
    }

    /// Hands out the files of the copy's head document: the values that stand elsewhere, then the
    /// document, without the link that only a server can follow.
    ///
    /// - Parameters:
    ///   - chain: `c` at the end of the last complete page, where a copy knows it; a head document
    ///     that does not go on from there is an error, and nothing is handed out.
    ///   - body: Takes one file; the last is to be put in place by renaming.
    /// - Throws: `SourceError`; `CancellationError`; what `body` throws.
    public func headFiles(
        continuing chain: ChainDigest? = nil,
        _ body: (File) async throws -> Void
    ) async throws {
        let parsed = headFile.feed
        var document = PendingDocument(parsed, from: headFile.fetched.address)
        try document.verify()
        // The document repeats the last page where nothing follows it yet.
        let paged = feed.layout.lastPaged(head: head.number)
        let stated = paged == head.number ? head.chain : parsed.facts.chainAfter
        try Self.check(chain, at: paged, stated, in: headFile)
        var export = ExportLayout(identity: identity)
            .headDocument(chainAfter: parsed.facts.chainAfter)
        let fetcher = ValueFetcher(client.reader, requestsAtOnce: 1)
        for entry in parsed.entries {
            let part = ValueFetcher.Part(entries: [entry], address: headFile.fetched.address)
            for event in try await fetcher.events(of: [part]) {
                for file in export.append(event) { try await body(File(file)) }
            }
        }
        for file in export.finish(at: head) { try await body(File(file)) }
    }

    /// Throws where a document does not go on from what was read before it.
    private static func check(
        _ seam: ChainDigest?,
        at number: EventNumber,
        _ stated: ChainDigest,
        in document: FeedFile
    ) throws(SourceError) {
        guard let seam, seam != stated else { return }
        throw SourceError(
            .changedDocument,
            "\(document.fetched.name) does not go on from the page before it",
            difference: .chain(at: number, expected: seam, actual: stated)
        )
    }

    private func path(of page: FeedFile) -> String {
        let range = PageRange(first: page.feed.facts.after.next, last: page.feed.facts.scannedTo)
        return ExportLayout(identity: identity).path(of: range)
    }

    /// Fetches pages side by side; the first one alone where one of them exceeds its share.
    private func pages(_ ranges: [PageRange], atOnce: inout Int) async throws -> [FeedFile] {
        let whole = WireLimits.pageBytes(pageSize: feed.pageSize)
        let share = min(whole, client.settings.bytesAhead / client.settings.requestsAtOnce)
        if ranges.count > 1 {
            do {
                return try await pages(ranges, limit: share)
            } catch let error as SourceError where error.code == .tooLarge && share < whole {
                atOnce = 1
            }
        }
        let pages = try await pages(Array(ranges.prefix(1)), limit: whole)
        // One that would have fitted ends the caution.
        let fits = pages.allSatisfy { $0.fetched.bytes.count <= share }
        atOnce = fits ? client.settings.requestsAtOnce : 1
        return pages
    }

    private func pages(_ ranges: [PageRange], limit: Int) async throws -> [FeedFile] {
        try await withThrowingTaskGroup(of: (Int, FeedFile).self) { group in
            for (place, range) in ranges.enumerated() {
                group.addTask {
                    let fetched = try await client.fetchPage(range, of: feed, limit: limit)
                    let page = try client.checkedPage(fetched, range, of: feed)
                    var document = PendingDocument(page, from: fetched.address)
                    try document.verify()
                    return (place, FeedFile(feed: page, fetched: fetched))
                }
            }
            var pages: [Int: FeedFile] = [:]
            for try await (place, page) in group { pages[place] = page }
            return ranges.indices.compactMap { pages[$0] }
        }
    }

    private func valueFiles(of page: FeedFile, _ body: (File) async throws -> Void)
        async throws
    {
        for entry in page.feed.entries {
            for (kind, value) in entry.outOfLine {
                let bytes = try await ValueFetcher.bytes(
                    of: value,
                    kind,
                    of: entry.number,
                    in: page.fetched.address,
                    client.reader
                )
                do throws(FeedFormatError) {
                    try value.check(bytes, number: entry.number)
                } catch {
                    throw SourceError(error, at: page.fetched.name, isFirst: false)
                }
                let path = FeedAddress.value(
                    epoch: identity.epoch.shortForm,
                    kind: kind,
                    number: entry.number
                )
                try await body(File(path: path.relativePath, bytes: bytes))
            }
        }
    }
}

extension FeedClient {
    /// Begins a walk over everything that the feed has published up to now.
    ///
    /// - Returns: The walk, which needs this client's connections.
    /// - Throws: `SourceError`; `CancellationError`.
    public func walk() async throws -> PageWalk {
        try PageWalk(self, try await readHead())
    }
}
