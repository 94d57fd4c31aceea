import EventModel
import EventTesting
import FeedReading
import Foundation
import Subscriptions
import Testing

@Suite(.timeLimit(.minutes(2)))
struct `A feed over HTTP` {
    @Test(arguments: EventSourceContract.cases)
    func `keeps the contract of event sources`(_ promise: EventSourceContract) async throws {
        try await promise.run { store, use in
            try await LiveServer.follow(store) { client in try await use(client) }
        }
    }

    @Test
    func `is found from the root of a server, and by every name it has`() async throws {
        let store = try await Self.filled(25)
        for path in ["", "feed", "feed.atom"] {
            try await LiveServer.follow(store, at: path) { client in
                let events = try await client.everything()
                let expected = try await store.read(after: .beginning, limit: 1_000).events
                #expect(events == expected)
            }
        }
    }

    @Test
    func `carries every payload byte for byte`() async throws {
        let store = InMemoryEventStore(try StoreCreation(pageSize: 10))
        let large = Payload(Array(repeating: 0xC3, count: 200_000), mediaType: .octetStream)
        for payload in Sample.awkwardPayloads + [large] {
            for metadata in [nil, Payload.json("{\"a\":1.0}")] {
                try await store.append([
                    NewEvent(
                        stream: try StreamName("a/b?c#d%é"),
                        type: try EventType("Ütf *"),
                        data: payload,
                        metadata: metadata
                    )
                ])
            }
        }
        try await LiveServer.follow(store) { client in
            let events = try await client.everything()
            let expected = try await store.read(after: .beginning, limit: 1_000).events
            #expect(events == expected)
        }
    }

    @Test
    func `ends a long poll when something comes`() async throws {
        let store = try await Self.filled(3)
        try await LiveServer.follow(store) { client in
            _ = try await client.everything()
            let batch = try await withThrowingTaskGroup(of: EventBatch?.self) { group in
                group.addTask {
                    try await client.events(
                        after: EventNumber(3),
                        limit: 10,
                        matching: .everything,
                        waitingUpTo: .seconds(60)
                    )
                }
                group.addTask {
                    try await store.append(try Sample.events(1))
                    return nil
                }
                var batch: EventBatch?
                for try await found in group { batch = batch ?? found }
                return batch
            }
            #expect(batch?.events.map(\.number.rawValue) == [4])
        }
    }

    @Test(arguments: [0, 5, 10, 25, 40])
    func `is copied into a folder that is the same feed`(count: Int) async throws {
        let store = try await Self.filled(count)
        let large = Payload(Array(repeating: 7, count: 100_000), mediaType: .octetStream)
        if count > 0 {
            try await store.append([
                NewEvent(stream: try StreamName("s"), type: try EventType("T"), data: large)
            ])
        }
        try await withTemporaryDirectory { path in
            try await LiveServer.follow(store) { client in
                let walk = try await client.walk()
                let write: (PageWalk.File) throws -> Void = { file in
                    let url = URL(filePath: path).appending(path: file.path)
                    try FileManager.default.createDirectory(
                        at: url.deletingLastPathComponent(),
                        withIntermediateDirectories: true
                    )
                    try Data(file.bytes).write(to: url)
                }
                try await walk.pageFiles { try write($0) }
                try await walk.headFiles { try write($0) }
                #expect(walk.identity.title == store.identity.title)
            }
            try await FeedClient.withClient(
                of: try FeedLocation(path),
                logger: LiveServer.logger
            ) { client in
                let events = try await client.everything()
                let expected = try await store.read(after: .beginning, limit: 1_000).events
                #expect(events == expected)
                let walk = try await client.walk()
                #expect(walk.head.number.rawValue == Int64(expected.count))
            }
        }
    }

    @Test
    func `is not copied on from another history`() async throws {
        let store = try await Self.filled(25)
        try await LiveServer.follow(store) { client in
            let walk = try await client.walk()
            let tenth = try await store.read(after: EventNumber(10), limit: 1).chainAfter
            var paths: [String] = []
            try await walk.pageFiles(after: EventNumber(10), continuing: tenth) {
                paths.append($0.path)
            }
            #expect(paths == ["feed/\(store.identity.epoch.shortForm)/11-20.atom"])

            let error = await #expect(throws: SourceError.self) {
                try await walk.pageFiles(after: EventNumber(10), continuing: .beginning) { _ in }
            }
            #expect(error?.code == .changedDocument)
        }
    }

    private static func filled(_ count: Int) async throws -> InMemoryEventStore {
        let store = InMemoryEventStore(try StoreCreation(pageSize: 10, title: "A copy"))
        for event in try Sample.events(count) { try await store.append([event]) }
        return store
    }
}

extension EventSource {
    /// Every event, until the source says that this is all.
    func everything() async throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        while true {
            let batch = try await self.events(
                after: EventNumber(Int64(events.count)),
                limit: 1_000,
                matching: .everything,
                waitingUpTo: nil
            )
            events += batch.events
            guard !batch.isCaughtUp else { return events }
            try #require(!batch.events.isEmpty)
        }
    }
}
