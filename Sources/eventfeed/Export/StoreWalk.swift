import EventModel
import FeedPages

/// A walk over what a store has published, rendered here; the bytes are those that its server
/// sends.
struct StoreWalk: PublishedHistory {
    let head: Head
    private let store: any EventStore
    private let layout: PageLayout
    private let export: ExportLayout

    var identity: StoreIdentity { store.identity }

    /// Begins a walk at the store's present end.
    ///
    /// - Parameter store: An open store.
    /// - Throws: `EventStoreError`; `CancellationError`.
    init(_ store: any EventStore) async throws {
        self.store = store
        head = try await store.head()
        layout = PageLayout(pageSize: store.identity.pageSize)
        export = ExportLayout(identity: store.identity)
    }

    func pages(
        after: EventNumber,
        chain: ChainDigest?,
        _ body: (_ path: String, _ bytes: [UInt8]) async throws -> Void
    ) async throws {
        var expected = chain
        for range in layout.completePages(after: after, upTo: head.number) {
            let (events, before, after) = try await read(range.after, through: range.last)
            guard expected == nil || expected == before else { throw Self.forked(at: range.after) }
            expected = after
            var page = export.page(range, chainBefore: before)
            for event in events {
                for file in page.append(event) { try await body(file.path, file.bytes) }
            }
            for file in page.finish(chain: after) { try await body(file.path, file.bytes) }
        }
    }

    func headDocument(
        _ body: (_ path: String, _ bytes: [UInt8]) async throws -> Void
    ) async throws {
        let start = layout.headDocumentAfter(head: head.number)
        let (events, before, _) = try await read(start, through: head.number)
        var document = export.headDocument(chainAfter: before)
        for event in events {
            for file in document.append(event) { try await body(file.path, file.bytes) }
        }
        for file in document.finish(at: head) { try await body(file.path, file.bytes) }
    }

    /// All events of a range of at most two pages, however large they are, with the chain at both
    /// ends.
    private func read(_ start: EventNumber, through end: EventNumber) async throws
        -> ([RecordedEvent], ChainDigest, ChainDigest)
    {
        var events: [RecordedEvent] = []
        var first: ChainDigest?
        var last = ChainDigest.beginning
        var after = start
        repeat {
            let count = Int(end.rawValue - after.rawValue)
            let batch = try await store.read(after: after, limit: max(1, count))
            first = first ?? batch.chainAfter
            let wanted = batch.events.prefix { $0.number <= end }
            events += wanted
            last = wanted.count == batch.events.count ? batch.chain : last
            guard !wanted.isEmpty else { break }
            after = wanted.last?.number ?? end
        } while after < end
        return (events, first ?? last, last)
    }

    private static func forked(at number: EventNumber) -> CommandError {
        CommandError(
            .protocolError,
            "the store has another history than the folder, up to event \(number): "
                + "export to another folder"
        )
    }
}
