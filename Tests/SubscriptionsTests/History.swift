import EventModel
import EventTesting
import GRDB
import SQLiteStorage
import Subscriptions
import Synchronization

/// A history that is the same whenever and in whatever process it is made.
enum History {
    static let epoch = Epoch(UUIDBytes(high: 0x0B6F_FB5E_7A6C_4B39, low: 0x9D2F_5A1C_8F0E_4D21))
    static let otherEpoch = Epoch(UUIDBytes(high: 1, low: 2))

    /// A store with so many events, in five streams and three types.
    static func store(
        _ count: Int,
        epoch: Epoch = epoch,
        changing changed: Int? = nil
    ) async throws -> InMemoryEventStore {
        let store = InMemoryEventStore(epoch: epoch) {
            Timestamp(microseconds: 1_772_357_400_000_000)
        }
        try await add(count, to: store, changing: changed)
        return store
    }

    /// Adds so many events after those that are there.
    static func add(
        _ count: Int,
        to store: InMemoryEventStore,
        changing changed: Int? = nil
    ) async throws {
        guard count > 0 else { return }
        let first = Int(await store.head().number.rawValue) + 1
        for number in first..<first + count {
            try await store.append([
                event(number, text: number == changed ? "changed" : "as it was")
            ])
        }
    }

    static func event(_ number: Int, text: String = "as it was") -> NewEvent {
        NewEvent(
            id: .derived(from: "event-\(number)".utf8, in: epoch.uuid),
            stream: StreamName(stored: "stream-\(number % 5)"),
            type: EventType(stored: ["Opened", "Moved", "Closed"][number % 3]),
            data: .json("{\"number\":\(number),\"text\":\"\(text)\"}"),
            metadata: number % 2 == 0 ? .json("{\"actor\":\"test\"}") : nil
        )
    }

    /// The honest batch from `after` on.
    static func batch(
        of store: InMemoryEventStore,
        after: Int,
        limit: Int = 1_000,
        matching filter: EventFilter = .everything
    ) async throws -> EventBatch {
        try await store.read(
            after: EventNumber(Int64(after)),
            limit: ReadLimit(events: limit),
            matching: filter
        )
    }

    /// The checkpoint of whoever applied everything up to `number`.
    static func checkpoint(of store: InMemoryEventStore, at number: Int) async throws -> Checkpoint
    {
        let batch = try await batch(of: store, after: number, limit: 1)
        return Checkpoint(number: batch.after, epoch: batch.epoch, chain: batch.chainAfter)
    }
}

extension EventBatch {
    /// This batch with some of its facts replaced.
    func with(
        epoch: Epoch? = nil,
        events: [RecordedEvent]? = nil,
        after: (number: EventNumber, chain: ChainDigest)? = nil,
        end: (number: EventNumber, chain: ChainDigest)? = nil,
        head: EventNumber? = nil
    ) -> EventBatch {
        EventBatch(
            epoch: epoch ?? self.epoch,
            after: after?.number ?? self.after,
            chainAfter: after?.chain ?? chainAfter,
            events: events ?? self.events,
            scannedTo: end?.number ?? scannedTo,
            chain: end?.chain ?? chain,
            head: head ?? self.head
        )
    }

    /// This batch without the events of these numbers.
    func without(_ numbers: Set<Int64>) -> EventBatch {
        with(events: events.filter { !numbers.contains($0.number.rawValue) })
    }
}

extension RecordedEvent {
    /// This event with other data.
    var forged: RecordedEvent {
        RecordedEvent(
            number: number,
            version: version,
            recordedAt: recordedAt,
            event: NewEvent(
                id: id,
                stream: stream,
                type: type,
                data: .json("{\"forged\":true}"),
                metadata: metadata
            )
        )
    }
}

/// A receiver in memory that keeps what it was given.
final class Notebook: BatchReceiver {
    struct State {
        var checkpoint: Checkpoint?
        var numbers: [Int64] = []
        var deliveries: [Delivery] = []
        var outcomes: [DeliveryOutcome] = []
        var terms: SubscriptionTerms?
    }

    let state: Mutex<State>

    init(_ checkpoint: Checkpoint? = nil, outcomes: [DeliveryOutcome] = []) {
        state = Mutex(State(checkpoint: checkpoint, outcomes: outcomes))
    }

    var numbers: [Int64] { state.withLock { $0.numbers } }
    var checkpoint: Checkpoint? { state.withLock { $0.checkpoint } }
    var deliveries: [Delivery] { state.withLock { $0.deliveries } }

    func begin(_ terms: SubscriptionTerms) async throws -> Checkpoint? {
        state.withLock {
            $0.terms = terms
            return $0.checkpoint
        }
    }

    func receive(_ delivery: Delivery) async throws -> DeliveryOutcome {
        state.withLock { state in
            state.deliveries.append(delivery)
            let outcome = state.outcomes.isEmpty ? .applied : state.outcomes.removeFirst()
            guard outcome == .applied else { return outcome }
            precondition(state.checkpoint == delivery.from)
            state.numbers += delivery.events.map(\.number.rawValue)
            state.checkpoint = delivery.to
            return .applied
        }
    }
}

/// An observer that keeps what it was told.
final class Diary: SubscriptionObserver {
    let entries = Mutex<[SubscriptionProgress]>([])

    func observe(_ progress: SubscriptionProgress) async throws {
        entries.withLock { $0.append(progress) }
    }

    var rounds: [RoundReport] {
        entries.withLock { entries in
            entries.compactMap { if case .round(let report) = $0 { report } else { nil } }
        }
    }

    var failures: [SourceError] {
        entries.withLock { entries in
            entries.compactMap { if case .failed(let error, _, _) = $0 { error } else { nil } }
        }
    }
}

/// The rows of `event` in a copy, beside its checkpoint, read the way anybody would.
struct CopyFile {
    let path: String

    /// The numbers of the events; none before the first batch, which makes the table.
    func numbers() throws -> [Int64] {
        let queue = try DatabaseQueue(path: path)
        return try queue.read {
            guard try $0.tableExists("event") else { return [] }
            return try Int64.fetchAll($0, sql: "SELECT number FROM event ORDER BY number")
        }
    }

    func rows(_ sql: String) throws -> [[DatabaseValue]] {
        let queue = try DatabaseQueue(path: path)
        return try queue.read { try Row.fetchAll($0, sql: sql).map { Array($0.databaseValues) } }
    }
}
