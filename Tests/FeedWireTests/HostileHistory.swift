import EventModel
import EventTesting
import FeedReading
import Foundation
import GRDB
import SQLiteStorage
import Subscriptions
import Synchronization
import Testing

/// The history that hostile feeds publish: 45 events on pages of 10, two with data out of line, on
/// the first page and behind the last; the same in every process.
enum HostileHistory {
    static let count = 45
    static let epoch = Epoch(UUIDBytes(high: 0x0B6F_FB5E_7A6C_4B39, low: 0x9D2F_5A1C_8F0E_4D21))

    static func store(_ count: Int = count) async throws -> InMemoryEventStore {
        let store = InMemoryEventStore(
            try StoreCreation(pageSize: 10, title: "Sample"),
            epoch: epoch
        ) {
            Timestamp(microseconds: 1_772_357_400_000_000)
        }
        for number in 1...count {
            try await store.append([
                NewEvent(
                    id: .derived(from: "event-\(number)".utf8, in: epoch.uuid),
                    stream: try StreamName("tab-\(number % 3)"),
                    type: try EventType(number % 2 == 0 ? "Opened" : "Closed"),
                    data: number == 4 || number == 43
                        ? Payload([UInt8](repeating: 7, count: 70_000), mediaType: .octetStream)
                        : .json("{\"n\":\(number),\"text\":\"é\"}"),
                    metadata: number % 4 == 2 ? .json("{\"actor\":\"ann\"}") : nil
                )
            ])
        }
        return store
    }
}

/// A copy of the events of a feed in a file, made by a whole subscription.
struct HostileCopy {
    let path: String
    let store: InMemoryEventStore

    /// A subscriber that reports quickly and tries again at once, or as its clock says.
    struct Patience {
        var deadline = Duration.seconds(30)
        var backOff = BackOff(minimum: .milliseconds(1), maximum: .milliseconds(4))
        var giveUpAfter = 1_000
        var requestsAtOnce = 1
        var batchSize = 500
        var clock: any Clock<Duration> = ContinuousClock()
    }

    /// Follows a feed to its end.
    func catchUp(
        _ feed: FaultyFeed,
        _ patience: Patience = Patience(),
        failing: @escaping @Sendable (RecordedEvent) -> Void = { _ in },
        observer: (any SubscriptionObserver)? = nil
    ) async throws {
        let file = try SQLiteReadModelStore(path: path)
        // What the subscription ends with says more than a file that cannot be closed.
        defer { try? file.close() }
        var options = SubscriptionOptions(
            schedule: PollingSchedule(every: .milliseconds(100), backOff: patience.backOff),
            batchSize: patience.batchSize
        )
        options.giveUpAfter = patience.giveUpAfter
        options.clock = patience.clock
        try await FeedClient.withClient(
            of: try FeedLocation(feed.address),
            settings: FeedClient.Settings(
                deadline: patience.deadline,
                requestsAtOnce: patience.requestsAtOnce
            ),
            logger: LiveServer.logger
        ) { client in
            _ = try await Subscription(
                from: client,
                to: Projector(FailingCopy(failing: failing), in: file),
                options: options,
                observer: observer
            ).catchUp()
        }
    }

    /// Checks that rows and checkpoint are those of the first events, each once, and of no others.
    ///
    /// - Returns: How many they are.
    @discardableResult
    func check(sourceLocation: SourceLocation = #_sourceLocation) async throws -> Int {
        var checkpoint: Checkpoint?
        do {
            checkpoint = try ReadModelStatus.read(path: path).checkpoint
        } catch let error as CheckpointStoreError where error.code == .missing {}
        guard let checkpoint else {
            let rows = try numbers()
            #expect(rows == [], sourceLocation: sourceLocation)
            return 0
        }
        let count = Int(checkpoint.number.rawValue)
        let right = try await store.read(after: checkpoint.number, limit: 1)
        let rows = try numbers()
        #expect(rows == (0..<count).map { Int64($0 + 1) }, sourceLocation: sourceLocation)
        #expect(checkpoint.chain == right.chainAfter, sourceLocation: sourceLocation)
        #expect(checkpoint.epoch == right.epoch, sourceLocation: sourceLocation)
        return count
    }

    private func numbers() throws -> [Int64] {
        // A subscription that never got to an event has no table yet.
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try DatabaseQueue(path: path).read { db in
            try db.tableExists("event")
                ? Int64.fetchAll(db, sql: "SELECT number FROM event ORDER BY rowid") : []
        }
    }
}

/// A copy of the events that does something more in the transaction that writes one.
private struct FailingCopy: ReadModel {
    let name = "event-copy"
    let failing: @Sendable (RecordedEvent) -> Void

    func prepare(_ transaction: Database) throws { try EventCopy().prepare(transaction) }

    func apply(_ event: RecordedEvent, in transaction: Database) throws {
        try EventCopy().apply(event, in: transaction)
        failing(event)
    }
}

/// An observer that keeps what failed.
final class FailureDiary: SubscriptionObserver {
    private let failures = Mutex<[(error: SourceError, pause: Duration)]>([])

    var errors: [SourceError] { failures.withLock { $0.map(\.error) } }
    /// How long it was to wait after each.
    var pauses: [Duration] { failures.withLock { $0.map(\.pause) } }

    func observe(_ progress: SubscriptionProgress) async throws {
        guard case .failed(let error, _, let pause) = progress else { return }
        failures.withLock { $0.append((error, pause)) }
    }
}
