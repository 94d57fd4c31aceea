import EventModel
import Synchronization

/// The access lists of streams that have none of their own: the newest event of the stream
/// `$settings`, read again when that stream has changed.
final class AccessSettings: Sendable {
    /// What one event says.
    struct Lists: Sendable {
        /// For streams whose names begin with `$`.
        var systemStreams: StreamAccessList?
        /// For all others.
        var userStreams: StreamAccessList?
    }

    private static let stream = StreamName(stored: "$settings")

    private let store: any EventStore
    private let known = Mutex<(state: StreamState, lists: Lists)?>(nil)

    init(_ store: any EventStore) {
        self.store = store
    }

    /// The lists as they are now.
    func current() async throws -> Lists {
        let state = try await store.streamState(Self.stream)
        // What gets too old to be read changes without an event.
        if state.metadata.maximumAge == nil,
            let lists = known.withLock({ $0?.state == state ? $0?.lists : nil })
        {
            return lists
        }
        let slice = try await store.readStream(
            Self.stream,
            .newest,
            limit: ReadLimit(events: 1)
        )
        let bytes = slice.events.first?.data.bytes ?? []
        let lists = Lists(
            systemStreams: AccessListText.list(named: "$systemStreamAcl", in: bytes),
            userStreams: AccessListText.list(named: "$userStreamAcl", in: bytes)
        )
        known.withLock { $0 = (slice.state, lists) }
        return lists
    }
}
