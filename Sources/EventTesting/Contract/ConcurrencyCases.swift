import EventModel
import Testing

extension EventStoreContract {
    static let concurrency = [
        EventStoreCase("of racing writers exactly one wins each round") { run in
            let stream = try StreamName("sample-1")
            for round in 0..<20 {
                let seen = StreamVersion(Int64(round))
                let outcomes = await race(8, run) {
                    [try Sample.event()]
                } expecting: {
                    .exactly(seen)
                }

                let conflict = VersionConflict(
                    stream: stream,
                    expected: .exactly(seen),
                    actual: seen.next
                )
                #expect(outcomes.count { if case .success = $0 { true } else { false } } == 1)
                for case .failure(let error) in outcomes {
                    #expect(error as? VersionConflict == conflict)
                }
            }
            #expect(try await run.store.head().number == EventNumber(20))
        },
        EventStoreCase("writers that expect nothing all succeed, without a hole") { run in
            var results: [AppendResult] = []
            for _ in 0..<5 {
                let outcomes = await race(16, run) {
                    try Sample.events(3) + [try Sample.event("other-1")]
                } expecting: {
                    .any
                }
                results += try outcomes.map { try $0.get() }
            }

            let firsts = results.map(\.first.rawValue).sorted()
            #expect(firsts == (0..<80).map { $0 * 4 + 1 })
            #expect(results.allSatisfy { $0.last.rawValue == $0.first.rawValue + 3 })
            #expect(try await run.history().map(\.number.rawValue) == Array(1...320))
        },
        EventStoreCase("racing repetitions of one append record it once") { run in
            let events = try Sample.events(3)

            let outcomes = await race(16, run) {
                events
            } expecting: {
                .none
            }

            let results = try outcomes.map { try $0.get() }
            #expect(results.filter { !$0.wasAlreadyRecorded }.count == 1)
            #expect(Set(results.map(\.first)) == [EventNumber(1)])
            #expect(try await run.store.head().number == EventNumber(3))
        },
        EventStoreCase("readers beside writers never see a hole, nor a chain that does not fit") {
            run in
            let total: Int64 = 240
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        for _ in 0..<20 {
                            try await run.append(try Sample.events(3, of: "w-\(writer)"))
                        }
                    }
                }
                for _ in 0..<3 {
                    group.addTask { try await follow(run.store, to: EventNumber(total)) }
                }
                try await group.waitForAll()
            }
            #expect(try await run.store.head().number == EventNumber(total))
        },
    ]

    /// Appends from several tasks at once and gathers what became of each.
    private static func race(
        _ writers: Int,
        _ run: EventStoreCase.Run,
        events: @escaping @Sendable () throws -> [NewEvent],
        expecting expected: @escaping @Sendable () -> ExpectedVersion
    ) async -> [Result<AppendResult, any Error>] {
        await withTaskGroup(of: Result<AppendResult, any Error>.self) { group in
            for _ in 0..<writers {
                group.addTask {
                    do {
                        return .success(try await run.append(try events(), expecting: expected()))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Reads up to a number and checks numbers, order and chain on the way.
    private static func follow(_ store: any EventStore, to last: EventNumber) async throws {
        var seen = EventNumber.beginning
        var chain = ChainDigest.beginning
        while seen < last {
            let batch = try await store.read(after: seen, limit: 50)
            try #require(batch.chainAfter == chain)
            for event in batch.events {
                try #require(event.number == seen.next)
                seen = event.number
                chain = chain.appending(event)
            }
            try #require(batch.scannedTo == seen)
            try #require(batch.chain == chain)
            try #require(batch.head >= seen)
            if batch.events.isEmpty { _ = try await store.waitForHead(beyond: seen) }
        }
    }
}
