import EventModel
import EventTesting
import Foundation
import GRDB
import SQLiteStorage
import Subscriptions
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A request to the owner of a file` {
    private static let quick = SubscriptionOptions(
        schedule: PollingSchedule(every: .seconds(3_600)),
        batchSize: 7
    )

    /// A read model that refuses event 12 until it is told otherwise.
    private static func refusing(_ isRefused: Flag) -> ClosureModel {
        var model = ClosureModel()
        model.applying = { event, db in
            try ClosureModel().apply(event, in: db)
            if event.number == EventNumber(12), isRefused.isOn {
                throw DatabaseError(resultCode: .SQLITE_CONSTRAINT)
            }
        }
        return model
    }

    /// Runs `body` beside a subscription that has parked event 12 and waits for an hour.
    private static func besideSubscription(
        _ path: String,
        _ isRefused: Flag,
        _ body: () async throws -> Void
    ) async throws {
        let store = try SQLiteReadModelStore(path: path)
        let source = ScriptedSource(try await History.store(40))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await Subscription(
                    from: source,
                    to: Projector(refusing(isRefused), in: store, onFailure: .park),
                    options: quick
                ).run()
            }
            try await ReadModelStatus.waitUntilApplied(
                EventNumber(40),
                path: path,
                timeout: .seconds(20)
            )
            try await body()
            group.cancelAll()
            do {
                try await group.waitForAll()
            } catch is CancellationError {}
        }
        try store.close()
    }

    @Test func `is done by the subscription that runs, while it waits`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let isRefused = Flag(true)
            try await Self.besideSubscription(path, isRefused) {
                let parked = ParkedEvents(path: path)
                let refused = try await parked.perform(.retry(.all), timeout: .seconds(20)) {
                    _,
                    _ in
                    Issue.record("the owner had to be asked")
                    return RetryReport()
                }
                isRefused.set(false)
                let applied = try await parked.perform(
                    .retry(.stream("stream-2")),
                    timeout: .seconds(20)
                ) { _, _ in RetryReport() }

                guard case .retried(let report) = refused else {
                    Issue.record("\(refused)")
                    return
                }
                #expect(report.applied == 0 && report.left == 6 && report.failures.count == 1)
                #expect(applied == .retried(RetryReport(applied: 6, left: 0)))
                #expect(try ReadModelStatus.read(path: path).parkedEvents == 0)
            }
            #expect(!FileManager.default.fileExists(atPath: path + ".requests"))
        }
    }

    @Test func `gives events up through the subscription that runs`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            try await Self.besideSubscription(path, Flag(true)) {
                let answer = try await ParkedEvents(path: path).perform(
                    .discard(.number(12)),
                    timeout: .seconds(20)
                ) { _, _ in RetryReport() }
                #expect(answer == .discarded(1))
            }
        }
    }

    @Test func `is done by whoever asks where nobody owns the file`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            try await Self.besideSubscription(path, Flag(true)) {}

            let answer = try await ParkedEvents(path: path).perform(
                .retry(.all),
                timeout: .seconds(20)
            ) { store, selection in
                try await store.retryParked(selection, with: [ClosureModel()])
            }

            #expect(answer == .retried(RetryReport(applied: 6, left: 0)))
        }
    }

    @Test func `is withdrawn where the owner does not answer in time`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            try await Self.besideSubscription(path, Flag(true)) {}
            let busy = try SQLiteReadModelStore(path: path)

            let error = await #expect(throws: CheckpointStoreError.self) {
                _ = try await ParkedEvents(path: path).perform(
                    .retry(.all),
                    timeout: .milliseconds(100)
                ) { _, _ in RetryReport() }
            }

            #expect(error?.code == .busy)
            #expect(!FileManager.default.fileExists(atPath: path + ".requests"))
            try busy.close()
        }
    }

    @Test func `that nobody can read is answered, and one of a dead process removed`() async throws
    {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let store = try SQLiteReadModelStore(path: path)
            let requests = URL(filePath: store.path + ".requests")
            try FileManager.default.createDirectory(
                at: requests,
                withIntermediateDirectories: false
            )
            let id = ProcessInfo.processInfo.processIdentifier
            try Data("{".utf8).write(to: requests.appending(path: "\(id)-1.request"))
            // No process has the highest id that can be written.
            try Data("{".utf8).write(to: requests.appending(path: "2147483647-1.request"))
            try Data("{".utf8).write(to: requests.appending(path: "2147483647-2.answer"))

            let isSuperseded = try await store.attend { _ in RetryReport() }

            #expect(!isSuperseded)
            let names = try FileManager.default.contentsOfDirectory(
                atPath: requests.path(percentEncoded: false)
            )
            #expect(names == ["\(id)-1.answer"])
            try store.close()
        }
    }
}
