import EventModel
import GRDB
import Subscriptions

/// Applies events to read models inside a transaction.
struct DeliveryWriter {
    let db: Database
    let models: [any ReadModel<Database>]
    let parked: ParkedRows
    /// Events whose failure ended a transaction, with why: they are not tried in this one.
    var hopeless: [EventNumber: String] = [:]

    /// Makes the tables of all models.
    ///
    /// - Throws: `CheckpointStoreError` with code `setupFailed`, or the model's own error.
    func prepare() throws {
        for model in models {
            do {
                try model.prepare(db)
            } catch let error as DatabaseError where Self.isEventsFault(error) {
                throw CheckpointStoreError(
                    .setupFailed,
                    "the tables of \(model.name) cannot be made in \(parked.path): "
                        + "\(error.message ?? "\(error)"); use another file, or drop what is there",
                    cause: error
                )
            }
        }
    }

    /// Applies events in order, or sets them aside.
    ///
    /// - Parameters:
    ///   - events: The events.
    ///   - parksFailures: Whether an event that fails is set aside; otherwise it is thrown.
    /// - Returns: The events that were set aside.
    /// - Throws: `ApplyError`; `CheckpointStoreError`; `DatabaseError` where no event is at fault.
    func apply(_ events: [RecordedEvent], parksFailures: Bool) throws -> [ParkedEvent] {
        var setAside: [ParkedEvent] = []
        var isAnyParked = try parked.total().events > 0
        for event in events {
            if isAnyParked, try parked.contains(event.stream) {
                setAside.append(try park(event, reason: nil, tries: 0))
                continue
            }
            guard parksFailures else {
                try apply(event)
                continue
            }
            if let reason = try failure(of: event) {
                setAside.append(try park(event, reason: reason, tries: 1))
                isAnyParked = true
            }
        }
        return setAside
    }

    /// Applies an event in a savepoint, and takes it back where it fails.
    ///
    /// - Returns: Why it failed; nil where it did not.
    /// - Throws: What no event is at fault for; `ApplyError` where the failure ended the whole
    ///   transaction, as an interruption and `OR ROLLBACK` do
    ///   (<https://www.sqlite.org/c3ref/interrupt.html>).
    func failure(of event: RecordedEvent) throws -> String? {
        if let reason = hopeless[event.number] { return reason }
        do {
            try db.inSavepoint {
                try apply(event)
                return .commit
            }
            return nil
        } catch let error as ApplyError where Self.isEventsFault(error.cause) {
            guard db.isInsideTransaction else { throw error }
            return "\(error)"
        }
    }

    private func park(_ event: RecordedEvent, reason: String?, tries: Int64) throws -> ParkedEvent {
        let setAside = ParkedEvent(
            event: event,
            reason: reason,
            tries: tries,
            parkedAt: .now()
        )
        try parked.add(setAside)
        return setAside
    }

    private func apply(_ event: RecordedEvent) throws {
        for model in models {
            do {
                try model.apply(event, in: db)
            } catch {
                throw ApplyError(model: model.name, event: event, cause: error)
            }
        }
    }

    /// Whether an error says something about the event, and not about disk, memory or locks.
    static func isEventsFault(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return !(error is CancellationError) }
        switch error.resultCode {
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_NOMEM, .SQLITE_CORRUPT, .SQLITE_NOTADB,
            .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PROTOCOL,
            .SQLITE_MISUSE:
            return false
        default:
            return true
        }
    }
}
