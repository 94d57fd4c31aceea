import EventModel
import Subscriptions
import Synchronization

/// Prints the events of a subscription that keeps no checkpoint.
///
/// Until the head that was there at the start is reached, only the last events are kept, so that a
/// long history is walked through without being printed.
final class EventPrinter: BatchReceiver {
    private struct State {
        var held: [RecordedEvent] = []
        var isPrinting = false
        var checkpoint: Checkpoint?
    }

    private let last: Int?
    private let head: EventNumber
    private let show: @Sendable (RecordedEvent) throws -> Void
    private let state = Mutex(State())

    /// Prepares to print.
    ///
    /// - Parameters:
    ///   - last: How many of the events up to `head` to print; nil prints all.
    ///   - head: The head when the command started.
    ///   - show: Shows one event.
    init(
        last: Int?,
        head: EventNumber,
        _ show: @escaping @Sendable (RecordedEvent) throws -> Void
    ) {
        self.last = last
        self.head = head
        self.show = show
    }

    func begin(_ terms: SubscriptionTerms) async throws -> Checkpoint? {
        state.withLock { $0.checkpoint }
    }

    func receive(_ delivery: Delivery) async throws -> DeliveryOutcome {
        let ready = state.withLock { state -> [RecordedEvent] in
            state.checkpoint = delivery.to
            guard !state.isPrinting, let last else { return delivery.events }
            state.held = (state.held + delivery.events).suffix(last)
            guard delivery.to.number >= head else { return [] }
            state.isPrinting = true
            defer { state.held = [] }
            return state.held
        }
        for event in ready { try show(event) }
        return .applied
    }
}
