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

    /// Hands out the files of all complete pages, oldest first: of each page the values that stand
    /// elsewhere, then the page itself.
    ///
    /// Pages are fetched ahead, some at a time; values one by one, so that memory stays bounded
    /// however much a page refers to.
    ///
    /// - Parameters:
    ///   - after: Only pages that hold a number beyond this one.
    ///   - chain: `c` at the end of the page before the first one that is handed out, where a copy
    ///     knows it; a feed that does not go on from there is an error.
    ///   - body: Takes one file; what it throws ends the walk.
    /// - Throws: `SourceError`; `CancellationError`; what `body` throws.
    public func pageFiles(
        after: EventNumber = .beginning,
        continuing chain: ChainDigest? = nil,
        _ body: (File) async throws -> Void
    ) async throws {
        var seam = chain
        var place = after
        while place < feed.layout.lastPaged(head: head.number) {
            let window = feed.layout.completePages(after: place, upTo: head.number)
                .prefix(client.settings.requestsAtOnce)
            for page in try await pages(Array(window)) {
                let facts = page.feed.facts
                if let seam, seam != facts.chainAfter {
                    throw SourceError(
                        .changedDocument,
                        "\(page.fetched.name) does not go on from the page before it",
                        difference: .chain(
                            at: facts.after,
                            expected: seam,
                            actual: facts.chainAfter
                        )
                    )
                }
                try await valueFiles(of: page, body)
                try await body(File(path: path(of: page), bytes: page.fetched.bytes))
                seam = facts.chain
                place = facts.scannedTo
            }
        }
    }

    /// Hands out the files of the copy's head document: the values that stand elsewhere, then the
    /// document, without the link that only a server can follow.
    ///
    /// - Parameter body: Takes one file; the last is to be put in place by renaming.
    /// - Throws: `SourceError`; `CancellationError`; what `body` throws.
    public func headFiles(_ body: (File) async throws -> Void) async throws {
        let parsed = headFile.feed
        var document = PendingDocument(parsed, from: headFile.fetched.address)
        try document.verify()
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

    private func path(of page: FeedFile) -> String {
        let range = PageRange(first: page.feed.facts.after.next, last: page.feed.facts.scannedTo)
        return ExportLayout(identity: identity).path(of: range)
    }

    private func pages(_ ranges: [PageRange]) async throws -> [FeedFile] {
        let limit = WireLimits.pageBytes(pageSize: feed.pageSize)
        return try await withThrowingTaskGroup(of: (Int, FeedFile).self) { group in
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
