import Synchronization

/// A number that several tasks count up.
final class Counter: Sendable {
    private let state = Mutex(0)

    /// The number now.
    var value: Int { state.withLock { $0 } }

    /// Adds to the number.
    func add(_ amount: Int) {
        state.withLock { $0 += amount }
    }
}
