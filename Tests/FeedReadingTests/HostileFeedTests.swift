import EventModel
import EventTesting
import FeedPages
import Foundation
import Subscriptions
import Synchronization
import Testing

@testable import FeedReading

@Suite(.timeLimit(.minutes(2)))
struct `A feed that does something wrong` {
    @Test
    func `is given time where it asks for it`() async throws {
        let feed = try await SampleFeed(1)
        try await follow(
            feed,
            at: "/feed",
            { _ in [.answer(503, ["Retry-After: 7"])] }
        ) { client, _ in
            let error = await #expect(throws: SourceError.self) { try await client.allEvents() }
            #expect(error?.retryAfter == .seconds(7))
            #expect(error?.difference == .status(503))
        }
    }

    @Test(arguments: ["1971", "2069"])
    func `is given time by its own clock, however wrong that is`(year: String) async throws {
        let feed = try await SampleFeed(1)
        let fields = [
            "Date: Tue, 01 Jan \(year) 10:00:00 GMT",
            "Retry-After: Tue, 01 Jan \(year) 10:00:07 GMT",
        ]
        try await follow(feed, at: "/feed", { _ in [.answer(503, fields)] }) { client, _ in
            let error = await #expect(throws: SourceError.self) { try await client.allEvents() }
            #expect(error?.retryAfter == .seconds(7))
        }
    }

    @Test
    func `that lags is told from one that has another history`() async throws {
        let feed = try await SampleFeed(5)
        try await follow(feed, at: "/feed", feed.serve) { client, _ in
            let error = await #expect(throws: SourceError.self) {
                try await client.allEvents(after: EventNumber(9))
            }
            #expect(error?.code == .afterHead)
            #expect(
                error?.difference
                    == .head(
                        expected: EventNumber(9),
                        actual: EventNumber(5),
                        epoch: feed.identity.epoch
                    )
            )
        }
    }

    @Test
    func `that is a static copy may lag too`() async throws {
        let feed = try await SampleFeed(5)
        try await follow(feed, at: "/feed.atom", feed.serveCopy) { client, _ in
            let error = await #expect(throws: SourceError.self) {
                try await client.allEvents(after: EventNumber(9))
            }
            #expect(error?.code == .afterHead)
        }
    }

    @Test
    func `that changes its epoch says so in the next batch`() async throws {
        let old = try await SampleFeed(12)
        let new = try await SampleFeed(12, epoch: SampleFeed.otherEpoch)
        let isNew = Mutex(false)
        try await follow(
            old,
            at: "/feed",
            { request in isNew.withLock { $0 } ? await new.serve(request) : await old.serve(request)
            }
        ) { client, _ in
            _ = try await client.allEvents()
            isNew.withLock { $0 = true }
            let batch = try await client.events(
                after: EventNumber(12),
                limit: 10,
                matching: .everything,
                waitingUpTo: nil
            )
            #expect(batch.epoch == SampleFeed.otherEpoch)
        }
    }

    @Test
    func `in a document that is delivered in parts is found before the first part`() async throws {
        let feed = try await SampleFeed(12)
        try await follow(
            feed,
            at: "/feed",
            { request in
                let steps = await feed.serve(request)
                guard request.target.contains("1-10") else { return steps }
                let text = String(decoding: steps.body, as: UTF8.self)
                return [
                    .answer(
                        200,
                        SampleFeed.atom,
                        text: text.replacing("{\"n\":9}", with: "{\"n\":8}")
                    )
                ]
            }
        ) { client, _ in
            let error = await #expect(throws: SourceError.self) {
                try await client.allEvents(limit: 3)
            }
            #expect(error?.code == .changedDocument)
        }
    }
}

@Suite(.timeLimit(.minutes(2)))
struct `A value that stands elsewhere` {
    private func feed() async throws -> SampleFeed {
        try await SampleFeed(12) { number in
            number == 4
                ? Payload([UInt8](repeating: 7, count: 70_000), mediaType: .octetStream)
                : .json("{}")
        }
    }

    @Test
    func `is never fetched from outside a folder`() async throws {
        let feed = try await feed()
        try await withTemporaryDirectory { path in
            try await feed.export(to: path)
            let page = URL(filePath: path).appending(
                path: "feed/\(feed.identity.epoch.shortForm)/1-10.atom"
            )
            let text = try String(contentsOf: page, encoding: .utf8)
            for reference in ["../../../secret", "%2E%2E/%2e%2e/%2E./secret", "/etc/passwd"] {
                try Data(text.replacing("data/4", with: reference).utf8).write(to: page)
                try await followFolder(path) { client in
                    let error = await #expect(throws: SourceError.self) {
                        try await client.allEvents()
                    }
                    #expect(error?.code == .malformedDocument)
                }
            }
        }
    }

    @Test
    func `is refused where it is said to be larger than a value may be`() async throws {
        let feed = try await feed()
        try await follow(
            feed,
            at: "/feed",
            { request in
                let steps = await feed.serve(request)
                guard request.target.contains("1-10") else { return steps }
                let text = String(decoding: steps.body, as: UTF8.self)
                return [
                    .answer(
                        200,
                        SampleFeed.atom,
                        text: text.replacing("length=\"70000\"", with: "length=\"70000000\"")
                    )
                ]
            }
        ) { client, server in
            let error = await #expect(throws: SourceError.self) { try await client.allEvents() }
            #expect(error?.code == .tooLarge)
            #expect(!server.targets.contains { $0.contains("/data/") })
        }
    }
}

extension [ScriptedServer.Step] {
    /// The body of a correct answer.
    fileprivate var body: [UInt8] {
        guard case .send(let bytes)? = first,
            let end = bytes.firstRange(of: [UInt8]("\r\n\r\n".utf8))
        else { return [] }
        return [UInt8](bytes[end.upperBound...])
    }
}
