import EventModel
import FeedPages
import HTTPTypes
import Logging
import Synchronization
import Testing

@testable import FeedServing

@Suite(.timeLimit(.minutes(1)))
struct `When a store does not come to an end` {
    private func responder(_ store: EndlessStore) -> FeedResponder {
        FeedResponder(
            store: store,
            configuration: FeedServerConfiguration(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func answer(_ target: String, _ store: EndlessStore, _ inputClosed: Latch = Latch())
        async -> FeedResponse
    {
        await responder(store).respond(
            to: FeedRequest("GET", target),
            body: ReadyBody([]),
            inputClosed: inputClosed
        )
    }

    @Test func `a document of events that are missing is an error`() async throws {
        let store = EndlessStore(head: 205) { after, _ in after }
        let epoch = store.identity.epoch.shortForm
        for target in ["/feed.atom", "/feed.json", "/feed/\(epoch)/101-200.atom"] {
            let response = await answer(target, store)
            #expect(response.status == 500, "\(target)")
            #expect(response.problem == .internal)
        }
    }

    @Test func `a walk ends where nothing more is read`() async throws {
        let store = EndlessStore(head: 5) { after, _ in min(3, after + 1) }
        var walk = HistoryWalk(store, after: .beginning, through: EventNumber(5))
        for number in Int64(1)...3 {
            let batch = try await walk.next()
            #expect(batch?.scannedTo == EventNumber(number))
        }
        let error = await #expect(throws: EventStoreError.self) { try await walk.next() }
        #expect(error?.code == .corrupt)
        var past = HistoryWalk(store, after: EventNumber(5), through: EventNumber(5))
        let nothing = try await past.next()
        #expect(nothing == nil)
    }

    @Test func `a filtered request that waits ends when the time is over`() async throws {
        let store = EndlessStore(head: 1) { after, reads in reads == 0 ? 1 : after + 1 }
        let response = await answer("/feed.json?after=0&wait=1&type=T", store)
        #expect(response.status == 200)
        #expect(response.fields[.eventFeedAfter] == "0")
    }

    @Test func `a filtered request that waits ends when its client has gone`() async throws {
        let store = EndlessStore(head: 1) { after, reads in reads == 0 ? 1 : after + 1 }
        let inputClosed = Latch()
        inputClosed.open()
        let response = await answer("/feed.json?after=0&wait=60&type=T", store, inputClosed)
        #expect(response.status == 200)
        #expect(response.fields[.eventFeedScannedTo] == "1")
    }
}

/// A store without events whose head is beyond whatever a read has looked at, but for the first.
private final class EndlessStore: EventStore {
    private let inner = InMemoryEventStore()
    private let reads = Mutex(Int64(0))
    private let first: EventNumber
    private let scan: @Sendable (_ after: Int64, _ reads: Int64) -> Int64

    init(head: Int64, scan: @escaping @Sendable (_ after: Int64, _ reads: Int64) -> Int64) {
        first = EventNumber(head)
        self.scan = scan
    }

    var identity: StoreIdentity { inner.identity }
    var limits: Limits { inner.limits }

    func append(_ batch: AppendBatch) async throws -> AppendResult {
        try await inner.append(batch)
    }

    func head() async throws -> Head {
        Head(number: first, chain: .beginning, recordedAt: identity.createdAt)
    }

    func read(after: EventNumber, limit: ReadLimit, matching filter: EventFilter) async throws
        -> EventBatch
    {
        let count = reads.withLock { reads in
            defer { reads += 1 }
            return reads
        }
        let scannedTo = EventNumber(scan(after.rawValue, count))
        let isFirst = count == 0
        return EventBatch(
            epoch: identity.epoch,
            after: after,
            chainAfter: .beginning,
            events: [],
            scannedTo: scannedTo,
            chain: .beginning,
            head: isFirst ? max(first, scannedTo) : EventNumber(scannedTo.rawValue + 1)
        )
    }

    func readStream(_ stream: StreamName, _ range: StreamRange, limit: ReadLimit) async throws
        -> StreamSlice
    {
        await inner.readStream(stream, range, limit: limit)
    }

    func streamState(_ stream: StreamName) async throws -> StreamState {
        await inner.streamState(stream)
    }

    func event(_ number: EventNumber) async throws -> RecordedEvent? { nil }

    func lastNumber(recordedBefore instant: Timestamp) async throws -> EventNumber { .beginning }

    /// There always is more.
    func waitForHead(beyond number: EventNumber) async throws -> Head { try await head() }
}
