import Synchronization

/// The bytes of all request bodies in memory, which have one limit together.
final class BodyBudget: Sendable {
    private let limit: Int
    private let used = Mutex(0)

    init(bytes: Int) {
        limit = bytes
    }

    /// Bytes that are taken.
    var taken: Int { used.withLock { $0 } }

    /// Takes bytes, if there are as many left.
    func take(_ bytes: Int) -> Bool {
        used.withLock { used in
            guard used + bytes <= limit else { return false }
            used += bytes
            return true
        }
    }

    /// Gives bytes back.
    func giveBack(_ bytes: Int) {
        used.withLock { $0 -= bytes }
    }
}
