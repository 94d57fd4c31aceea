import EventModel
import GRDB
import SQLiteStorage
import Subscriptions
import Synchronization

/// A read model that a test writes in place.
struct ClosureModel: ReadModel {
    typealias Transaction = Database

    var name = "counter"
    var revision: Int64 = 1
    var statements = ""
    var preparing: @Sendable (Database) throws -> Void = {
        try $0.execute(sql: "CREATE TABLE seen (number INTEGER PRIMARY KEY, stream TEXT)")
    }
    var applying: @Sendable (RecordedEvent, Database) throws -> Void = { event, db in
        try db.execute(
            sql: "INSERT INTO seen VALUES (?, ?)",
            arguments: [event.number.rawValue, event.stream.text]
        )
    }

    func prepare(_ transaction: Database) throws { try preparing(transaction) }

    func apply(_ event: RecordedEvent, in transaction: Database) throws {
        try applying(event, transaction)
    }
}

extension SQLiteReadModelStore {
    /// Applies events as if they had been delivered.
    @discardableResult
    func apply(
        _ events: [RecordedEvent] = [],
        from old: Checkpoint?,
        to new: Checkpoint,
        model: ClosureModel = ClosureModel(),
        parksFailures: Bool = false
    ) async throws -> [ParkedEvent] {
        let batch = EventBatch(
            epoch: new.epoch,
            after: old?.number ?? .beginning,
            chainAfter: old?.chain ?? .beginning,
            events: events,
            scannedTo: new.number,
            chain: new.chain,
            head: new.number
        )
        let delivery = Delivery(from: old, to: new, batch: batch, head: new.number, attempt: 1)
        return try await apply(delivery, to: [model], parksFailures: parksFailures)
    }
}

/// A switch that several tasks look at.
final class Flag: Sendable {
    private let state: Mutex<Bool>

    init(_ isOn: Bool = false) {
        state = Mutex(isOn)
    }

    var isOn: Bool { state.withLock { $0 } }

    func set(_ isOn: Bool) { state.withLock { $0 = isOn } }
}
