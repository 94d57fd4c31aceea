import NIOCore
import Synchronization

/// All connections of a server, so that they stay below a limit.
///
/// A flood of connections that never ask for anything displaces itself: a newcomer beyond the
/// limit takes the place of the connection that has been without a request for the longest time.
final class ConnectionTable: Sendable {
    private struct Entry {
        var channel: any Channel
        /// When the connection was last opened or answered; nil while a request runs.
        var idleSince: NIODeadline?
    }

    /// What becomes of a new connection.
    enum Admission: Hashable {
        /// It is served.
        case admitted
        /// There is no place; it may be told so.
        case refused
        /// There is no place, and no time to say it.
        case dropped
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        /// Connections that are being told that there is no place.
        var refused: Set<ObjectIdentifier> = []
    }

    /// Connections that are told at the same time that there is no place.
    static let refusedAtOnce = 32

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// Takes a new connection in.
    ///
    /// - Parameters:
    ///   - channel: The connection.
    ///   - now: The time.
    /// - Returns: Whether there is a place; there is none if every other connection is busy.
    func open(_ channel: any Channel, at now: NIODeadline) -> Admission {
        let key = ObjectIdentifier(channel)
        let (admission, displaced) = state.withLock { state -> (Admission, (any Channel)?) in
            var displaced: (any Channel)?
            if state.entries.count >= limit {
                let longest = state.entries.filter { $0.value.idleSince != nil }.min {
                    ($0.value.idleSince ?? now) < ($1.value.idleSince ?? now)
                }
                guard let longest else {
                    guard state.refused.count < Self.refusedAtOnce else { return (.dropped, nil) }
                    state.refused.insert(key)
                    return (.refused, nil)
                }
                state.entries[longest.key] = nil
                displaced = longest.value.channel
            }
            state.entries[key] = Entry(channel: channel, idleSince: now)
            return (.admitted, displaced)
        }
        displaced?.close(promise: nil)
        return admission
    }

    /// Notes that a connection began a request or, with a time, that it has none any more.
    func mark(_ channel: any Channel, idleSince: NIODeadline?) {
        state.withLock { $0.entries[ObjectIdentifier(channel)]?.idleSince = idleSince }
    }

    /// Forgets a connection.
    func close(_ channel: any Channel) {
        state.withLock { state in
            state.entries[ObjectIdentifier(channel)] = nil
            state.refused.remove(ObjectIdentifier(channel))
        }
    }
}
