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

    private let limit: Int
    private let entries = Mutex<[ObjectIdentifier: Entry]>([:])

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// How many connections there are.
    var count: Int { entries.withLock(\.count) }

    /// Takes a new connection in.
    ///
    /// - Returns: False if there is no place: every other connection is busy with a request.
    func open(_ channel: any Channel, at now: NIODeadline) -> Bool {
        let (isAdmitted, displaced) = entries.withLock { entries -> (Bool, (any Channel)?) in
            var displaced: (any Channel)?
            if entries.count >= limit {
                let longest = entries.filter { $0.value.idleSince != nil }.min {
                    ($0.value.idleSince ?? now) < ($1.value.idleSince ?? now)
                }
                guard let longest else { return (false, nil) }
                entries[longest.key] = nil
                displaced = longest.value.channel
            }
            entries[ObjectIdentifier(channel)] = Entry(channel: channel, idleSince: now)
            return (true, displaced)
        }
        displaced?.close(promise: nil)
        return isAdmitted
    }

    /// Notes that a connection began a request or, with a time, that it has none any more.
    func mark(_ channel: any Channel, idleSince: NIODeadline?) {
        entries.withLock { $0[ObjectIdentifier(channel)]?.idleSince = idleSince }
    }

    /// Forgets a connection.
    func close(_ channel: any Channel) {
        entries.withLock { $0[ObjectIdentifier(channel)] = nil }
    }
}
