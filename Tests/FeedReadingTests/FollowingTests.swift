import EventModel
import EventTesting
import FeedPages
import Foundation
import Logging
import Subscriptions
import Testing

@testable import FeedReading

@Suite(.timeLimit(.minutes(1)))
struct `Following a feed` {
    @Test(arguments: [0, 1, 9, 10, 11, 20, 25, 100])
    func `brings every event of a server once, in order`(count: Int) async throws {
        let feed = try await SampleFeed(count)
        try await follow(feed, at: "/feed", feed.serve) { client, _ in
            let events = try await client.allEvents()
            #expect(events == feed.events)
        }
    }

    @Test(arguments: [0, 1, 9, 10, 11, 20, 25, 100])
    func `brings every event of a static copy once, in order`(count: Int) async throws {
        let feed = try await SampleFeed(count)
        try await follow(feed, at: "/feed.atom", feed.serveCopy) { client, _ in
            let events = try await client.allEvents()
            #expect(events == feed.events)
        }
    }

    @Test(arguments: [0, 1, 9, 10, 11, 20, 25, 100])
    func `brings every event of a folder once, in order`(count: Int) async throws {
        let feed = try await SampleFeed(count)
        try await withTemporaryDirectory { path in
            try await feed.export(to: path)
            for location in [path, "file://\(path)", path + "/feed.atom"] {
                try await FeedClient.withClient(
                    of: try FeedLocation(location),
                    logger: Logger(label: "test")
                ) { client in
                    let events = try await client.allEvents()
                    #expect(events == feed.events)
                }
            }
        }
    }

    @Test(arguments: [1, 3, 7, 10, 1_000], [0, 1, 9, 10, 14, 35])
    func `cuts batches at the limit and goes on from anywhere`(limit: Int, start: Int) async throws
    {
        let feed = try await SampleFeed(36)
        try await follow(feed, at: "/feed", feed.serve) { client, _ in
            let start = EventNumber(Int64(start))
            let events = try await client.allEvents(after: start, limit: limit)

            #expect(events == feed.events(after: start, through: feed.head))
        }
    }

    @Test
    func `never asks for a page twice, and says where it is by the chain`() async throws {
        let feed = try await SampleFeed(95)
        try await follow(feed, at: "/feed", feed.serve) { client, server in
            var after = EventNumber.beginning
            var chain = ChainDigest.beginning
            repeat {
                let batch = try await client.events(
                    after: after,
                    limit: 7,
                    matching: .everything,
                    waitingUpTo: nil
                )
                #expect(batch.after == after)
                #expect(batch.chainAfter == chain)
                chain = batch.events.reduce(chain) { $0.appending($1) }
                #expect(batch.chain == chain)
                #expect(batch.events.count <= 7)
                after = batch.scannedTo
            } while after < feed.head

            let pages = server.targets.filter { $0.hasPrefix("/feed/") }
            #expect(pages.count == 9)
            #expect(Set(pages).count == 9)
        }
    }

    @Test
    func `asks conditionally while there is nothing new`() async throws {
        let feed = try await SampleFeed(12)
        try await follow(feed, at: "/feed", feed.serve) { client, server in
            _ = try await client.allEvents()
            for _ in 0..<3 {
                let batch = try await client.events(
                    after: feed.head,
                    limit: 10,
                    matching: .everything,
                    waitingUpTo: nil
                )
                #expect(batch.isCaughtUp)
                #expect(batch.events.isEmpty)
                #expect(batch.chain == feed.chain(at: feed.head))
            }

            let polls = server.requests.suffix(3)
            #expect(polls.map { $0["if-none-match"] != nil } == [false, true, true])
        }
    }

    @Test
    func `asks a static copy conditionally too`() async throws {
        let feed = try await SampleFeed(12)
        try await follow(feed, at: "/feed.atom", feed.serveCopy) { client, server in
            _ = try await client.allEvents()
            for _ in 0..<3 {
                let batch = try await client.events(
                    after: feed.head,
                    limit: 10,
                    matching: .everything,
                    waitingUpTo: nil
                )
                #expect(batch.isCaughtUp && batch.events.isEmpty)
            }

            #expect(server.requests.last?["if-none-match"] != nil)
            #expect(server.requests.last?.target == "/feed.atom")
        }
    }

    @Test
    func `finds the feed through the service document of a server`() async throws {
        let feed = try await SampleFeed(25)
        let service = ServiceDocument(identity: feed.identity, limits: .standard).render()
        try await follow(
            feed,
            at: "/store/",
            { request in
                guard request.target.hasPrefix("/store/") else { return [.answer(404)] }
                guard request.target != "/store/" else {
                    return [.answer(200, ["Content-Type: \(ServiceDocument.mediaType)"], service)]
                }
                var inner = request
                inner.target = String(request.target.dropFirst("/store".count))
                return await feed.serve(inner)
            }
        ) { client, _ in
            let events = try await client.allEvents()
            #expect(events == feed.events)
            let title = try await client.describe().title
            #expect(title == "Sample")
        }
    }

    @Test
    func `computes addresses from where a redirect led`() async throws {
        let feed = try await SampleFeed(25)
        try await follow(
            feed,
            at: "/latest",
            { request in
                guard request.target != "/latest" else {
                    return [.answer(302, ["Location: /mirror/feed.atom"])]
                }
                var inner = request
                inner.target = String(request.target.dropFirst("/mirror".count))
                return await feed.serve(inner)
            }
        ) { client, server in
            let events = try await client.allEvents()
            #expect(events == feed.events)
            #expect(server.targets.dropFirst().allSatisfy { $0.hasPrefix("/mirror/feed") })
        }
    }

    @Test
    func `filters at the server`() async throws {
        let feed = try await SampleFeed(50)
        let filter = EventFilter(streams: [try StreamName("tab-1")])
        try await follow(feed, at: "/feed", feed.serve) { client, server in
            let events = try await client.allEvents(limit: 4, matching: filter)

            #expect(events == feed.events.filter { $0.stream.text == "tab-1" })
            #expect(server.targets.dropFirst().allSatisfy { $0.contains("stream=tab-1") })
        }
    }

    @Test
    func `refuses to filter a static copy`() async throws {
        let feed = try await SampleFeed(50)
        let filter = EventFilter(streams: [try StreamName("tab-1")])
        try await follow(feed, at: "/feed.atom", feed.serveCopy) { client, _ in
            let error = await #expect(throws: SourceError.self) {
                _ = try await client.allEvents(matching: filter)
            }
            #expect(error?.code == .refused)
        }
    }

    @Test
    func `asks the server to hold its answer`() async throws {
        let feed = try await SampleFeed(5)
        try await follow(feed, at: "/feed", feed.serve) { client, server in
            _ = try await client.events(
                after: feed.head,
                limit: 10,
                matching: .everything,
                waitingUpTo: .seconds(90)
            )

            #expect(server.requests.last?["prefer"] == "wait=60")
            #expect(server.requests.first?["prefer"] == nil)
        }
    }

    @Test
    func `fetches values that stand elsewhere`() async throws {
        let feed = try await SampleFeed(23) { number in
            number % 5 == 0
                ? Payload(
                    [UInt8](repeating: UInt8(number), count: 100_000),
                    mediaType: .octetStream
                )
                : .json("{}")
        }
        try await follow(feed, at: "/feed", feed.serve) { client, _ in
            let events = try await client.allEvents()
            #expect(events == feed.events)
        }
        try await follow(feed, at: "/feed.atom", feed.serveCopy) { client, _ in
            let events = try await client.allEvents(limit: 4)
            #expect(events == feed.events)
        }
    }

    @Test
    func `ends a batch at eight megabytes of values`() async throws {
        let feed = try await SampleFeed(10) { number in
            Payload([UInt8](repeating: UInt8(number), count: 3 << 20), mediaType: .octetStream)
        }
        try await follow(feed, at: "/feed", feed.serve) { client, _ in
            let batch = try await client.events(
                after: .beginning,
                limit: 1_000,
                matching: .everything,
                waitingUpTo: nil
            )
            #expect(batch.events.count == 2)
            #expect(batch.chain == feed.chain(at: batch.scannedTo))
            let events = try await client.allEvents()
            #expect(events == feed.events)
        }
    }
}

/// Runs `body` with a client for a scripted server.
@discardableResult
func follow<Result: Sendable>(
    _ feed: SampleFeed,
    at path: String,
    _ script: @escaping ScriptedServer.Script,
    settings: FeedClient.Settings = .standard,
    _ body: (FeedClient, ScriptedServer) async throws -> Result
) async throws -> Result {
    try await ScriptedServer.run(answering: script) { server in
        try await FeedClient.withClient(
            of: try FeedLocation(server.address + path),
            settings: settings,
            logger: Logger(label: "test")
        ) { client in
            try await body(client, server)
        }
    }
}

/// Runs `body` with a client for a folder.
func followFolder(_ path: String, _ body: (FeedClient) async throws -> Void) async throws {
    try await FeedClient.withClient(
        of: try FeedLocation(path),
        logger: Logger(label: "test"),
        body
    )
}

extension EventSource {
    /// Everything after a number, until the source says that this is all.
    func allEvents(
        after: EventNumber = .beginning,
        limit: Int = 1_000,
        matching filter: EventFilter = .everything
    ) async throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        var after = after
        while true {
            let batch = try await self.events(
                after: after,
                limit: limit,
                matching: filter,
                waitingUpTo: nil
            )
            try #require(batch.after == after)
            try #require(batch.scannedTo > after || batch.isCaughtUp, "it makes no progress")
            events += batch.events
            after = batch.scannedTo
            if batch.isCaughtUp { return events }
        }
    }
}
