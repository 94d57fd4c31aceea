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

    func chain(at number: EventNumber) async throws -> ChainDigest {
        guard number < head.number else { return head.chain }
        return try await store.read(after: number, limit: 1).chainAfter
    }

    func pages(
        after: EventNumber,
        chain: ChainDigest?,
        _ body: (_ path: String, _ bytes: [UInt8]) async throws -> Void
    ) async throws -> ChainDigest? {
        var seam = chain
        for range in layout.completePages(after: after, upTo: head.number) {
            let before =
                if let seam { seam } else { try await self.chain(at: range.after) }
            var page = export.page(range, chainBefore: before)
            let end = try await events(range.after, through: range.last, continuing: before) {
                for file in page.append($0) { try await body(file.path, file.bytes) }
            }
            for file in page.finish(chain: end) { try await body(file.path, file.bytes) }
            seam = end
        }
        return seam
    }

    func headDocument(
        continuing chain: ChainDigest?,
        _ body: (_ path: String, _ bytes: [UInt8]) async throws -> Void
    ) async throws {
        let paged = layout.lastPaged(head: head.number)
        let stated = try await self.chain(at: paged)
        guard chain == nil || chain == stated else { throw Self.forked(at: paged) }
        let start = layout.headDocumentAfter(head: head.number)
        let before = try await self.chain(at: start)
        var document = export.headDocument(chainAfter: before)
        let end = try await events(start, through: head.number, continuing: before) {
            for file in document.append($0) { try await body(file.path, file.bytes) }
        }
        guard end == head.chain else { throw Self.forked(at: head.number) }
        for file in document.finish(at: head) { try await body(file.path, file.bytes) }
    }

    /// Hands out the events of a range one by one, reading as many at a time as the store's limit
    /// of bytes allows, and returns the chain at its end.
    private func events(
        _ start: EventNumber,
        through end: EventNumber,
        continuing chain: ChainDigest,
        _ body: (RecordedEvent) async throws -> Void
    ) async throws -> ChainDigest {
        var after = start
        var seam = chain
        while after < end {
            let batch = try await store.read(
                after: after,
                limit: Int(end.rawValue - after.rawValue)
            )
            guard batch.chainAfter == seam else { throw Self.forked(at: after) }
            guard let last = batch.events.last?.number, last > after else {
                throw CommandError(.software, "the store lacks event \(after.next)")
            }
            for event in batch.events { try await body(event) }
            after = last
            seam = batch.chain
        }
        return seam
    }

    private static func forked(at number: EventNumber) -> CommandError {
        CommandError(
            .protocolError,
            "the store has another history than the folder, up to event \(number): "
                + "export to another folder"
        )
    }
}
