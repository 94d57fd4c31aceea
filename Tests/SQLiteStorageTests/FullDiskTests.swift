import EventModel
import EventTesting
import Foundation
import Testing

@testable import SQLiteStorage

@Suite(.timeLimit(.minutes(2)))
struct `A full disk` {
    @Test func `refuses an append with a typed error and goes on when there is space`() async throws
    {
        try await withStore { store in
            try await store.append(try Sample.events(3))
            try await store.limitPages(toMore: 10)
            var recorded: [NewEvent] = []

            let error = try await #require(throws: EventStoreError.self) {
                for _ in 0..<1_000 {
                    let event = try large(4_000)
                    try await store.append([event])
                    recorded.append(event)
                }
            }

            #expect(error.code == .storageFull)
            #expect(try await events(of: store).dropFirst(3).map(\.event) == recorded)
            try await store.unlimitPages()
            let result = try await store.append([try large(4_000)])
            #expect(result.first.rawValue == Int64(4 + recorded.count))
        }
    }

    @Test func `refuses in a group only what does not fit`() async throws {
        try await withStore { store in
            try await store.limitPages(toMore: 20)

            let outcomes = try await BusyWriter.appendAsGroup(
                [
                    try AppendBatch([try Sample.event()]),
                    try AppendBatch([try Sample.event(), try large(1 << 20)]),
                    try AppendBatch([try Sample.event()]),
                ],
                to: store
            )

            #expect(try outcomes[0].get().first == EventNumber(1))
            let error = try #require(throws: EventStoreError.self) { try outcomes[1].get() }
            #expect(error.code == .storageFull)
            #expect(try outcomes[2].get().first == EventNumber(2))
            #expect(try await events(of: store).map(\.version.rawValue) == [1, 2])
        }
    }

    @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount a file system"))
    func `in earnest leaves nothing torn and goes on when there is space`() async throws {
        try await SmallDisk.with(megabytes: 6) { folder in
            let ballast = "\(folder)/ballast"
            try Data(repeating: 1, count: 1 << 20).write(to: URL(fileURLWithPath: ballast))
            let store = try SQLiteEventStore.open(path: "\(folder)/events.db", logger: quiet)
            var acknowledged: [NewEvent] = []
            let error = try await #require(throws: EventStoreError.self) {
                while true {
                    let event = try large(20_000)
                    try await store.append([event])
                    acknowledged.append(event)
                }
            }
            #expect(error.code == .storageFull)
            #expect(acknowledged.count > 20)
            #expect(try store.freeDiskBytes() < SQLiteEventStore.diskReserveBytes)

            // A group on the full disk: what is small may fit, and what is refused is whole.
            let outcomes = try await BusyWriter.appendAsGroup(
                try (0..<8).map { try AppendBatch([try large($0 == 3 ? 2 << 20 : 10)]) },
                to: store
            )
            for case .failure(let error) in outcomes {
                #expect((error as? EventStoreError)?.code == .storageFull)
            }
            #expect(throws: EventStoreError.self) { try outcomes[3].get() }
            let successes = outcomes.count { (try? $0.get()) != nil }
            let before = try await events(of: store)
            #expect(before.count == acknowledged.count + successes)
            #expect(before.map(\.event).starts(with: acknowledged))

            try FileManager.default.removeItem(atPath: ballast)
            let result = try await store.append([try large(20_000)])
            #expect(result.first.rawValue == Int64(before.count + 1))
            try await store.close()

            let again = try SQLiteEventStore.open(path: "\(folder)/events.db", logger: quiet)
            #expect(try await events(of: again).count == before.count + 1)
            try await again.close()
        }
    }

    private func large(_ bytes: Int) throws -> NewEvent {
        NewEvent(
            stream: try StreamName("sample-1"),
            type: try EventType("Large"),
            data: Payload([UInt8](repeating: 1, count: bytes), mediaType: .octetStream)
        )
    }

    /// All events, with the chain checked.
    private func events(of store: SQLiteEventStore) async throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        var chain = ChainDigest.beginning
        while true {
            let batch = try await store.read(after: events.last?.number ?? .beginning, limit: 100)
            for event in batch.events { chain = chain.appending(event) }
            #expect(chain == batch.chain)
            events += batch.events
            if batch.isCaughtUp { return events }
        }
    }
}

/// A file system of a few megabytes in memory.
private enum SmallDisk {
    /// Whether this process may mount one; found out by doing so.
    static let isPossible: Bool = {
        // Where the trial fails for any reason, the test that needs it is skipped aloud.
        guard let folder = try? mount(megabytes: 1) else { return false }
        unmount(folder)
        return true
    }()

    static func with(megabytes: Int, _ body: (String) async throws -> Void) async throws {
        let folder = try mount(megabytes: megabytes)
        defer { unmount(folder) }
        try await body(folder)
    }

    private static func mount(megabytes: Int) throws -> String {
        let folder = NSTemporaryDirectory() + "/eventfeed-disk-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        do {
            try run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", folder)
        } catch {
            try FileManager.default.removeItem(atPath: folder)
            throw error
        }
        return folder
    }

    private static func unmount(_ folder: String) {
        // A folder that cannot be unmounted stays behind among the temporary files.
        try? run("umount", folder)
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func run(_ words: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }
}
