import EventModel
import Synchronization

/// What holds of the streams that were asked for lately, in the process that writes the store.
///
/// What is known was read in a snapshot of the history, and stays true until a commit changes the
/// stream; the writer has such streams forgotten before it commits. So an entry is true in every
/// snapshot from the one that it was read in to the newest that there can be.
final class StreamStates: Sendable {
    /// Streams that are known at the same time; beyond it all are forgotten and read again.
    static let capacity = 16_384
    /// Larger metadata is read anew each time, so that the memory has a limit.
    static let metadataBytes = 1_024

    private struct Entry {
        let standing: StreamStanding
        /// The head of the snapshot that it was read in.
        let since: EventNumber
    }

    private struct State {
        var entries: [StreamName: Entry] = [:]
        /// The head of the last commit that is known to have happened.
        var settled: EventNumber
        /// The head that a snapshot can have at the most: higher while a commit is on its way.
        var newest: EventNumber
        /// The streams that the commit on its way changes.
        var changing: Set<StreamName> = []
    }

    private let state: Mutex<State>

    init(_ head: EventNumber) {
        state = Mutex(State(settled: head, newest: head))
    }

    /// What holds of a stream in the snapshot with a head; nil where it is not known.
    func standing(of stream: StreamName, at head: EventNumber) -> StreamStanding? {
        state.withLock { state in
            guard let entry = state.entries[stream], entry.since <= head, head <= state.newest
            else { return nil }
            return entry.standing
        }
    }

    /// Keeps what was read in the snapshot with a head, unless a commit may have changed it since.
    func keep(_ standing: StreamStanding, of stream: StreamName, at head: EventNumber) {
        guard standing.metadataBytes <= Self.metadataBytes else { return }
        state.withLock { state in
            let isSettled = head == state.settled && !state.changing.contains(stream)
            guard isSettled || head == state.newest else { return }
            if state.entries.count >= Self.capacity {
                state.entries.removeAll(keepingCapacity: true)
            }
            state.entries[stream] = Entry(standing: standing, since: head)
        }
    }

    /// Forgets streams, before a commit that changes them and after which the head is `head`.
    func forget(_ streams: [StreamName], before head: EventNumber) {
        state.withLock { state in
            for stream in streams { state.entries[stream] = nil }
            state.changing.formUnion(streams)
            state.newest = head
        }
    }

    /// Takes note that the commit has happened, or that it failed and the head still is `head`.
    func settle(at head: EventNumber) {
        state.withLock { state in
            (state.settled, state.newest) = (head, head)
            state.changing.removeAll(keepingCapacity: true)
        }
    }
}
