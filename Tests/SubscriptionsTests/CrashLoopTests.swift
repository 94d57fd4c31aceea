import EventModel
import EventTesting
import Foundation
import GRDB
import SQLiteStorage
import Subscriptions
import Testing

/// A read model whose process dies at an event.
private func deadly(_ number: Int64) -> ClosureModel {
    var model = ClosureModel()
    model.applying = { event, db in
        try ClosureModel().apply(event, in: db)
        if event.number.rawValue == number { kill(getpid(), SIGKILL) }
    }
    return model
}

/// Follows a history of 40 events with a read model that event 12 kills.
private func follow(_ path: String, _ policy: FailurePolicy) async throws {
    let store = try SQLiteReadModelStore(path: path)
    try await Subscription(
        from: ScriptedSource(try await History.store(40)),
        to: Projector(deadly(12), in: store, onFailure: policy),
        options: SubscriptionOptions(batchSize: 7)
    ).catchUp()
    try store.close()
}

@Suite(.timeLimit(.minutes(2))) struct `An event that ends the process` {
    @Test func `is found among its batch and parked, after three deaths of each`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            // Three deaths of the batch 8 to 14, then three of event 12 alone.
            for death in 1...6 {
                await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                    try await follow(path, .park)
                }
                let status = try ReadModelStatus.read(path: path)
                #expect(status.checkpoint?.number == EventNumber(death < 4 ? 7 : 11))
                #expect(status.unfinishedTries == (death < 4 ? Int64(death) : Int64(death - 3)))
            }

            try await follow(path, .park)

            let parked = try ParkedEvents(path: path).streams()
            #expect(parked.map(\.first.rawValue) == [12])
            #expect(parked.first?.reason.contains("died") == true)
            let seen = try CopyFile(path: path).rows("SELECT number FROM seen ORDER BY number")
            let free = (1...40).filter { $0 % 5 != 2 || $0 < 12 }
            #expect(seen == free.map { [$0.databaseValue] })
        }
    }

    @Test func `ends a subscription that may retry, and the next start tries again`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            for _ in 1...2 {
                await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                    try await follow(path, .retry(times: 1))
                }
            }

            let error = await #expect(throws: CrashLoop.self) {
                try await follow(path, .retry(times: 1))
            }

            #expect(error?.first == EventNumber(8) && error?.last == EventNumber(14))
            #expect(error?.tries == 2)
            // Whoever mended it starts again, and it is tried.
            let store = try SQLiteReadModelStore(path: path)
            try await Subscription(
                from: ScriptedSource(try await History.store(40)),
                to: Projector(ClosureModel(), in: store, onFailure: .retry(times: 1)),
                options: SubscriptionOptions(batchSize: 7)
            ).catchUp()
            try store.close()
            #expect(
                try CopyFile(path: path).rows("SELECT count(*) FROM seen") == [[40.databaseValue]]
            )
        }
    }

    @Test func `does not keep one from going on that was killed from outside`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            for _ in 1...5 {
                await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                    try await follow(path, .stop)
                }
            }
            #expect(try ReadModelStatus.read(path: path).unfinishedTries == 5)

            let store = try SQLiteReadModelStore(path: path)
            try await Subscription(
                from: ScriptedSource(try await History.store(40)),
                to: Projector(ClosureModel(), in: store),
                options: SubscriptionOptions(batchSize: 7)
            ).catchUp()
            try store.close()
            #expect(
                try CopyFile(path: path).rows("SELECT count(*) FROM seen") == [[40.databaseValue]]
            )
            #expect(try ReadModelStatus.read(path: path).unfinishedTries == 0)
        }
    }
}
