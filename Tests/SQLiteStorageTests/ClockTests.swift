import EventModel
import EventTesting
import Logging
import Synchronization
import Testing

@testable import SQLiteStorage

@Suite(.timeLimit(.minutes(1)))
struct `A clock that jumps back` {
    @Test func `is reported with how far recorded-at is ahead`() async throws {
        let clock = ManualClock()
        try await withStore(now: clock.reader) { store in
            #expect(try await store.recordedAtLead() == .zero)
            try await store.append([try Sample.event()])
            #expect(try await store.recordedAtLead() == .zero)

            clock.advance(microseconds: -3_600_000_000)

            #expect(try await store.recordedAtLead() == .seconds(3_600))
            clock.advance(microseconds: 3_600_000_001)
            #expect(try await store.recordedAtLead() == .microseconds(-1))
        }
    }

    @Test func `is remembered by the file, not by the process`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/events.db"
            let clock = ManualClock()
            let first = try SQLiteEventStore.open(path: path, logger: quiet, now: clock.reader)
            try await first.append([try Sample.event()])
            try await first.close()
            let recordedAt = clock.now
            clock.advance(microseconds: -90_000_000)

            let second = try SQLiteEventStore.open(path: path, logger: quiet, now: clock.reader)
            try await second.append([try Sample.event()])

            #expect(try await second.event(EventNumber(2))?.recordedAt == recordedAt)
            #expect(try await second.recordedAtLead() == .seconds(90))
            try await second.close()
        }
    }

    @Test(arguments: [(60, 0), (61, 1)])
    func `is logged beyond a minute, once and not with every append`(
        seconds: Int64,
        warnings: Int
    ) async throws {
        try await withTemporaryDirectory { folder in
            let clock = ManualClock()
            let log = WarningLog()
            let store = try SQLiteEventStore.open(
                path: "\(folder)/events.db",
                logger: Logger(label: "test") { _ in log },
                now: clock.reader
            )
            try await store.append([try Sample.event()])
            clock.advance(microseconds: -seconds * 1_000_000)

            for _ in 1...5 { try await store.append([try Sample.event()]) }

            #expect(log.warnings.count == warnings)
            try await store.close()
        }
    }
}

/// Keeps warnings.
private struct WarningLog: LogHandler {
    private final class Kept: Sendable {
        let messages = Mutex<[String]>([])
    }

    private let kept = Kept()
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    var warnings: [String] { kept.messages.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        guard event.level == .warning else { return }
        kept.messages.withLock { $0.append("\(event.message)") }
    }
}
