import EventModel
import Testing

@testable import Subscriptions

@Suite struct `Checking a batch` {
    private func verifier(
        _ filter: EventFilter = .everything,
        limit: Int = 1_000,
        startAfter: Int64 = 0,
        accepting epoch: Epoch? = nil
    ) -> BatchVerifier {
        BatchVerifier(
            filter: filter,
            limit: limit,
            startAfter: EventNumber(startAfter),
            acceptedEpoch: epoch
        )
    }

    @Test(arguments: [0, 1, 9, 10, 11, 20])
    func `takes an honest batch from any place`(_ number: Int) async throws {
        let store = try await History.store(20)
        let batch = try await History.batch(of: store, after: number)

        let checkpoint = try await History.checkpoint(of: store, at: number)

        #expect(try verifier().verify(batch, after: checkpoint) == batch)
        #expect(try verifier(startAfter: Int64(number)).verify(batch, after: nil) == batch)
    }

    /// What may be wrong with an answer to "after 5" in a history of 20 events.
    struct Fault: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let code: SourceError.Code
        let change: @Sendable (EventBatch) -> EventBatch

        init(
            _ what: String,
            _ code: SourceError.Code,
            _ change: @escaping @Sendable (EventBatch) -> EventBatch
        ) {
            testDescription = what
            self.code = code
            self.change = change
        }
    }

    static let faults = [
        Fault("the first event is missing", .hole) { $0.without([6]) },
        Fault("one in the middle is missing", .hole) { $0.without([10]) },
        Fault("the last is missing", .hole) { $0.without([20]) },
        Fault("all are missing", .hole) { $0.with(events: []) },
        Fault("it starts later", .hole) {
            $0.with(
                events: Array($0.events.dropFirst()),
                after: ($0.events[0].number, $0.chainAfter.appending($0.events[0]))
            )
        },
        Fault("one event was changed", .changedDocument) {
            $0.with(events: $0.events.map { $0.number.rawValue == 9 ? $0.forged : $0 })
        },
        Fault("the last event was changed", .changedDocument) {
            $0.with(events: $0.events.dropLast() + [$0.events[14].forged])
        },
        Fault("the chain at the end is another", .changedDocument) {
            $0.with(end: ($0.scannedTo, .beginning))
        },
        Fault("two different events have one number", .malformedDocument) {
            $0.with(events: $0.events + [$0.events[3].forged])
        },
        Fault("an event lies beyond the end", .malformedDocument) {
            $0.with(end: (EventNumber(19), $0.chain))
        },
        Fault("it ends beyond its head", .malformedDocument) { $0.with(head: EventNumber(19)) },
        Fault("it ends before it starts", .malformedDocument) {
            $0.with(events: [], end: (EventNumber(4), $0.chain))
        },
        Fault("it has nothing new though there is more", .malformedDocument) {
            $0.with(events: [], end: ($0.after, $0.chainAfter))
        },
        Fault("it is of another epoch", .anotherEpoch) { $0.with(epoch: History.otherEpoch) },
        Fault("its head is before the checkpoint", .headWentBack) {
            $0.with(
                events: [],
                after: (EventNumber(3), $0.chainAfter),
                end: (EventNumber(3), $0.chainAfter),
                head: EventNumber(3)
            )
        },
    ]

    @Test(arguments: faults)
    func `refuses it whole where`(_ fault: Fault) async throws {
        let store = try await History.store(20)
        let batch = try await History.batch(of: store, after: 5)
        let checkpoint = try await History.checkpoint(of: store, at: 5)

        let error = #expect(throws: SourceError.self) {
            try verifier().verify(fault.change(batch), after: checkpoint)
        }

        #expect(error?.code == fault.code)
    }

    @Test func `refuses a sound batch of a history that forked before the checkpoint`() async throws
    {
        let checkpoint = try await History.checkpoint(of: try await History.store(20), at: 5)
        let fork = try await History.store(20, changing: 4)

        let error = try await #require(throws: SourceError.self) {
            try verifier().verify(try await History.batch(of: fork, after: 5), after: checkpoint)
        }

        #expect(error.code == .chainMismatch)
        let actual = try await History.checkpoint(of: fork, at: 5).chain
        #expect(
            error.difference
                == .chain(at: EventNumber(5), expected: checkpoint.chain, actual: actual)
        )
    }

    @Test func `names the event that had to follow and the one that came`() async throws {
        let store = try await History.store(20)
        let batch = try await History.batch(of: store, after: 5).without([10, 11])

        let error = #expect(throws: SourceError.self) {
            try verifier(startAfter: 5).verify(batch, after: nil)
        }

        #expect(error?.difference == .number(expected: EventNumber(10), actual: EventNumber(12)))
    }

    @Test func `refuses a beginning that is not the beginning`() async throws {
        let batch = try await History.batch(of: try await History.store(0), after: 0)
        let other = ChainDigest.beginning.appending(
            try await History.batch(of: try await History.store(1), after: 0).events[0]
        )

        let error = #expect(throws: SourceError.self) {
            let forged = batch.with(after: (.beginning, other), end: (.beginning, other))
            return try verifier().verify(forged, after: nil)
        }

        #expect(error?.code == .chainMismatch)
    }

    @Test func `ignores identical repetitions and any order`() async throws {
        let store = try await History.store(20)
        let batch = try await History.batch(of: store, after: 5)
        let checkpoint = try await History.checkpoint(of: store, at: 5)
        let older = try await History.batch(of: store, after: 0).events.prefix(5)

        let shuffled = batch.with(events: older + batch.events.reversed() + batch.events.prefix(3))

        #expect(try verifier().verify(shuffled, after: checkpoint) == batch)
    }

    @Test(arguments: [0, 1, 4])
    func `drops what was applied where a batch starts earlier`(_ start: Int) async throws {
        let store = try await History.store(20)
        let checkpoint = try await History.checkpoint(of: store, at: 5)
        let early = try await History.batch(of: store, after: start)

        let verified = try verifier().verify(early, after: checkpoint)

        #expect(verified == (try await History.batch(of: store, after: 5)))
    }

    @Test func `notices a fork in what a batch repeats`() async throws {
        let checkpoint = try await History.checkpoint(of: try await History.store(20), at: 5)
        let fork = try await History.store(20, changing: 4)

        let error = await #expect(throws: SourceError.self) {
            try verifier().verify(try await History.batch(of: fork, after: 0), after: checkpoint)
        }

        #expect(error?.code == .chainMismatch)
    }

    @Test func `refuses more events than were asked for`() async throws {
        let batch = try await History.batch(of: try await History.store(20), after: 0, limit: 11)

        #expect(throws: SourceError.self) { try verifier(limit: 10).verify(batch, after: nil) }
        #expect(try verifier(limit: 11).verify(batch, after: nil) == batch)
    }

    @Test func `does not overflow at the highest number`() throws {
        let last = EventNumber(Int64.max)
        let event = RecordedEvent(
            number: last,
            version: StreamVersion(1),
            recordedAt: .now(),
            event: History.event(1)
        )
        let batch = EventBatch(
            epoch: History.epoch,
            after: last,
            chainAfter: .beginning,
            events: [event],
            scannedTo: last,
            chain: .beginning,
            head: last
        )

        #expect(try verifier(startAfter: .max).verify(batch, after: nil).events.isEmpty)
        let hole = #expect(throws: SourceError.self) {
            try verifier().verify(
                batch.with(after: (.beginning, .beginning)),
                after: nil
            )
        }
        #expect(hole?.code == .hole)
    }

    @Test func `accepts another epoch where its chain fits`() async throws {
        let checkpoint = try await History.checkpoint(of: try await History.store(20), at: 5)
        let restored = try await History.store(8, epoch: History.otherEpoch)
        let fork = try await History.store(20, epoch: History.otherEpoch, changing: 5)
        let verifier = verifier(accepting: History.otherEpoch)

        let batch = try await History.batch(of: restored, after: 5)
        #expect(try verifier.verify(batch, after: checkpoint) == batch)
        let error = await #expect(throws: SourceError.self) {
            try verifier.verify(try await History.batch(of: fork, after: 5), after: checkpoint)
        }
        #expect(error?.code == .chainMismatch)
    }
}

@Suite struct `Checking a filtered batch` {
    private let filter = EventFilter(types: [.exactly(EventType(stored: "Moved"))])

    private func verify(_ batch: EventBatch, after checkpoint: Checkpoint) throws -> EventBatch {
        try BatchVerifier(filter: filter, limit: 100, startAfter: .beginning, acceptedEpoch: nil)
            .verify(batch, after: checkpoint)
    }

    @Test func `takes the server's chain for what was left out`() async throws {
        let store = try await History.store(20)
        let batch = try await History.batch(of: store, after: 5, matching: filter)

        let verified = try verify(batch, after: try await History.checkpoint(of: store, at: 5))

        #expect(verified == batch)
        #expect(verified.events.count < 15)
    }

    static let faults: [`Checking a batch`.Fault] = [
        .init("it has events that were not asked for", .malformedDocument) {
            $0.with(
                events: $0.events + [
                    RecordedEvent(
                        number: EventNumber(6),
                        version: StreamVersion(2),
                        recordedAt: $0.events[0].recordedAt,
                        event: History.event(6)
                    )
                ]
            )
        },
        .init("its chain at the checkpoint is another", .chainMismatch) {
            $0.with(after: ($0.after, .beginning))
        },
        .init("it starts elsewhere", .malformedDocument) {
            $0.with(after: (EventNumber(4), $0.chainAfter))
        },
        .init("it starts later", .hole) { $0.with(after: (EventNumber(6), $0.chainAfter)) },
        .init("an event lies beyond the end", .malformedDocument) {
            $0.with(end: (EventNumber(10), $0.chain))
        },
        .init("it moves the chain but not the number", .changedDocument) {
            $0.with(events: [], end: ($0.after, $0.chain), head: $0.after)
        },
        .init("it looks at nothing though there is more", .malformedDocument) {
            $0.with(events: [], end: ($0.after, $0.chainAfter))
        },
    ]

    @Test(arguments: faults)
    func `refuses it whole where`(_ fault: `Checking a batch`.Fault) async throws {
        let store = try await History.store(20)
        let batch = try await History.batch(of: store, after: 5, matching: filter)
        let checkpoint = try await History.checkpoint(of: store, at: 5)

        let error = #expect(throws: SourceError.self) {
            try verify(fault.change(batch), after: checkpoint)
        }

        #expect(error?.code == fault.code)
    }
}
