import EventModel
import GRDB
import Synchronization

/// `c` at the newest page's numbers, in memory: those who poll at the end of the history start
/// there, and an answer to them costs no read for the chain.
///
/// A value never changes once its transaction is committed, so whatever is here is right in every
/// snapshot.
final class RecentChain: Sendable {
    private struct State {
        /// The number of the first value; the others follow without a hole.
        var first: Int64 = 1
        var values: [ChainDigest] = []

        var next: Int64 { first + Int64(values.count) }
    }

    /// Numbers on a page: how many values are kept.
    private let capacity: Int
    private let state = Mutex(State())

    init(pageSize: Int) {
        capacity = pageSize
    }

    /// `c` at a number, or nil where it is not kept.
    func digest(at number: EventNumber) -> ChainDigest? {
        state.withLock { state in
            let place = number.rawValue - state.first
            guard place >= 0, place < state.values.count else { return nil }
            return state.values[Int(place)]
        }
    }

    /// Takes the values of events that were committed, up to `head`; called by the one writer.
    func follow(_ head: EventNumber, _ db: Database) throws {
        let (next, oldest) = state.withLock { state in
            (state.next, max(1, head.rawValue - Int64(capacity) + 1))
        }
        let start = max(next, oldest)
        guard start <= head.rawValue else { return }
        let statement = try db.cachedStatement(
            sql: "SELECT chain FROM event WHERE number >= ? ORDER BY number"
        )
        var added: [ChainDigest] = []
        let rows = try Row.fetchCursor(statement, arguments: [start])
        while let row = try rows.next() { added.append(try EventRow.chain(row, 0)) }
        state.withLock { state in
            if start != state.next { state = State(first: start) }
            state.values.append(contentsOf: added)
            let surplus = max(0, state.values.count - capacity)
            state.values.removeFirst(surplus)
            state.first += Int64(surplus)
        }
    }
}
