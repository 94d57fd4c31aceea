import EventModel
import EventTesting
import Testing

@testable import SQLiteStorage

@Suite(.timeLimit(.minutes(1)))
struct `What is known of streams in memory` {
    private func standing(_ version: Int64, bytes: Int = 0) -> StreamStanding {
        StreamStanding(
            row: 1,
            state: StreamState(version: StreamVersion(version)),
            metadataBytes: bytes
        )
    }

    private let name = StreamName(stored: "a")

    @Test func `holds from where it was read to the newest head`() {
        let states = StreamStates(EventNumber(5))
        states.keep(standing(1), of: name, at: EventNumber(5))

        #expect(states.standing(of: name, at: EventNumber(4)) == nil)
        #expect(states.standing(of: name, at: EventNumber(5))?.state.version == StreamVersion(1))
        states.forget([StreamName(stored: "b")], before: EventNumber(6))
        #expect(states.standing(of: name, at: EventNumber(6))?.state.version == StreamVersion(1))
        // A commit that is only about to happen cannot be seen by anybody.
        #expect(states.standing(of: name, at: EventNumber(7)) == nil)
    }

    @Test func `is forgotten before a commit and not kept from an older snapshot`() {
        let states = StreamStates(EventNumber(5))
        states.keep(standing(1), of: name, at: EventNumber(5))
        states.forget([name], before: EventNumber(6))

        #expect(states.standing(of: name, at: EventNumber(5)) == nil)
        states.keep(standing(1), of: name, at: EventNumber(5))
        #expect(states.standing(of: name, at: EventNumber(6)) == nil)
        states.settle(at: EventNumber(6))
        states.keep(standing(1), of: name, at: EventNumber(5))
        #expect(states.standing(of: name, at: EventNumber(6)) == nil)
        states.keep(standing(2), of: name, at: EventNumber(6))
        #expect(states.standing(of: name, at: EventNumber(6))?.state.version == StreamVersion(2))
    }

    @Test func `is kept of a stream that the commit on its way leaves alone`() {
        let states = StreamStates(EventNumber(5))
        states.forget([StreamName(stored: "b")], before: EventNumber(6))
        states.keep(standing(1), of: name, at: EventNumber(5))
        for head in [EventNumber(5), EventNumber(6)] {
            #expect(states.standing(of: name, at: head)?.state.version == StreamVersion(1))
        }
    }

    @Test func `is kept again after a commit that failed`() {
        let states = StreamStates(EventNumber(5))
        states.forget([name], before: EventNumber(6))
        states.settle(at: EventNumber(5))
        states.keep(standing(1), of: name, at: EventNumber(5))
        #expect(states.standing(of: name, at: EventNumber(5))?.state.version == StreamVersion(1))
    }

    @Test func `has a limit in streams and in bytes`() {
        let states = StreamStates(EventNumber(1))
        let at = EventNumber(1)
        states.keep(standing(1, bytes: StreamStates.metadataBytes + 1), of: name, at: at)
        #expect(states.standing(of: name, at: at) == nil)
        states.keep(standing(1, bytes: StreamStates.metadataBytes), of: name, at: at)
        #expect(states.standing(of: name, at: at) != nil)
        for index in 1...StreamStates.capacity {
            states.keep(standing(1), of: StreamName(stored: "s-\(index)"), at: at)
        }
        let known = (1...StreamStates.capacity).count {
            states.standing(of: StreamName(stored: "s-\($0)"), at: at) != nil
        }
        #expect(known > 0 && known <= StreamStates.capacity)
        #expect(states.standing(of: name, at: at) == nil)
    }

    @Test func `never joins an old state with a new snapshot`() async throws {
        try await withStore { store in
            let stream = try StreamName("busy")
            try await store.append([try Sample.event("busy")])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        while !Task.isCancelled {
                            let slice = try await store.readStream(
                                stream,
                                .newest,
                                limit: ReadLimit(events: 3)
                            )
                            Self.check(slice)
                        }
                    }
                }
                for round in 1...150 {
                    let events =
                        round % 5 == 0
                        ? [try NewEvent.deletion(of: stream)] : [try Sample.event("busy")]
                    let result = try await store.append(events)
                    let state = try await store.streamState(stream)
                    if round % 5 == 0 {
                        #expect(state.condition == .deleted)
                    } else {
                        #expect(state.condition == .open)
                        #expect(state.version == result.versions[stream])
                    }
                }
                group.cancelAll()
                while let result = await group.nextResult() {
                    if case .failure(let error) = result {
                        #expect(error is CancellationError, "\(error)")
                    }
                }
            }
        }
    }

    private static func check(_ slice: StreamSlice) {
        switch slice.state.condition {
        case .open:
            #expect(slice.events.first?.version == slice.version)
            let first = slice.events.last?.version ?? .empty
            #expect(first >= slice.state.firstLive)
        case .deleted, .tombstoned:
            #expect(slice.events.isEmpty)
        }
    }

    @Test func `is told without a look into the file`() async throws {
        try await withStore { store in
            let stream = try StreamName("a")
            try await store.append([try Sample.event("a")])
            #expect(try await store.knownState(of: stream) == nil)
            let state = try await store.streamState(stream)
            #expect(try await store.knownState(of: stream) == state)
            try await store.append([try Sample.event("b")])
            #expect(try await store.knownState(of: stream) == state)
            try await store.append([try Sample.event("$$a", type: "$metadata")])
            #expect(try await store.knownState(of: stream) == nil)
        }
    }
}
