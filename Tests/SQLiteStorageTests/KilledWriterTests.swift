import CrashWriter
import EventModel
import EventTesting
import GRDB
import Testing

@testable import SQLiteStorage

@Suite(.timeLimit(.minutes(5)))
struct `A writer that is killed` {
    @Test func `loses nothing acknowledged, tears nothing, and can be repeated`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/events.db"
            var generator = SeededGenerator(seed: .random(in: 0...(.max)))
            var acknowledged: [CrashLoad: ClosedRange<Int64>] = [:]
            for round in 0..<20 {
                let reports = try await killedRun(path, round: round, &generator)
                for case .recorded(let load, let first, let last) in reports {
                    acknowledged[load] = first...last
                }
                let began = reports.compactMap { report -> CrashLoad? in
                    if case .began(let load) = report { load } else { nil }
                }
                try await verify(path, acknowledged, began: began)
            }
            #expect(acknowledged.count > 100, "the rounds were too short to prove anything")
        }
    }

    /// Runs a writer until some appends were acknowledged, or for a moment, and kills it.
    private func killedRun(
        _ path: String,
        round: Int,
        _ generator: inout SeededGenerator
    ) async throws -> [CrashReport] {
        let child = try ChildWriter([path, "load", "\(round)"])
        if round % 4 == 0 {
            // While it starts: the file may be half made, or the log half read.
            try await Task.sleep(for: .microseconds(Int.random(in: 0...60_000, using: &generator)))
        } else {
            let count = Int.random(in: 1...200, using: &generator)
            try await eventually("\(count) reports") { child.lines.count >= count }
            try await Task.sleep(for: .microseconds(Int.random(in: 0...5_000, using: &generator)))
        }
        try await child.kill()
        return child.lines.compactMap { CrashReport(line: $0) }
    }

    private func verify(
        _ path: String,
        _ acknowledged: [CrashLoad: ClosedRange<Int64>],
        began: [CrashLoad]
    ) async throws {
        let store = try SQLiteEventStore.open(path: path, logger: quiet)
        let history = try await checkedHistory(of: store)
        for (load, numbers) in acknowledged {
            let slice = history[Int(numbers.lowerBound - 1)..<Int(numbers.upperBound)]
            #expect(slice.map(\.event) == (try load.events()))
        }
        let known = Set(history.map(\.id))
        for load in began {
            let events = try load.events()
            let found = events.count { known.contains($0.id) }
            #expect(found == 0 || found == events.count, "a torn append")
            let result = try await store.append(events)
            #expect(result.wasAlreadyRecorded == (found > 0))
            if let numbers = acknowledged[load] {
                #expect(result.first.rawValue...result.last.rawValue == numbers)
            }
        }
        let head = try await store.head().number.rawValue
        let new = try began.map { try $0.events() }.filter { !known.contains($0[0].id) }
        #expect(head == Int64(history.count + new.joined().count))
        try await store.close()
    }

    /// Reads all and checks numbers, versions and chain on the way.
    private func checkedHistory(of store: SQLiteEventStore) async throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        var chain = ChainDigest.beginning
        var versions: [StreamName: StreamVersion] = [:]
        var isCaughtUp = false
        while !isCaughtUp {
            let after = events.last?.number ?? .beginning
            let batch = try await store.read(after: after, limit: 1_000)
            for event in batch.events {
                try #require(event.number.rawValue == events.count + 1)
                try #require(event.version == (versions[event.stream] ?? .empty).next)
                versions[event.stream] = event.version
                chain = chain.appending(event)
                events.append(event)
            }
            try #require(batch.chain == chain)
            isCaughtUp = batch.isCaughtUp
        }
        let complaint = try await store.file.connections.read { db in
            try String.fetchOne(db, sql: "PRAGMA integrity_check")
        }
        #expect(complaint == "ok")
        return events
    }
}
