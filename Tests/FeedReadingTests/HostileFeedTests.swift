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
    @Test(arguments: Fault.answers + Fault.documents + Fault.pages)
    func `is reported for what it is, and followed once it is right again`(fault: Fault)
        async throws
    {
        let feed = try SampleFeed(25)
        let hasStruck = Mutex(false)
        try await follow(
            feed,
            at: "/feed",
            { request in
                let steps = feed.serve(request)
                let strikes =
                    fault.strikes(request.target)
                    && hasStruck.withLock { hasStruck in
                        defer { hasStruck = true }
                        return !hasStruck
                    }
                return strikes ? fault.bend(steps.body, feed) : steps
            }
        ) { client, _ in
            var events: [RecordedEvent] = []
            var codes: [SourceError.Code] = []
            while true {
                do {
                    let after = EventNumber(Int64(events.count))
                    events += try await client.allEvents(after: after)
                    break
                } catch let error as SourceError {
                    codes.append(error.code)
                    #expect(!error.message.contains("\n"))
                    try #require(codes.count < 5)
                }
            }

            #expect(codes == [fault.code])
            #expect(events == feed.events)
        }
    }

    @Test
    func `is given time where it asks for it`() async throws {
        let feed = try SampleFeed(1)
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
        let feed = try SampleFeed(1)
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
    func `with a body that inflates without end fills no memory`() async throws {
        let feed = try SampleFeed(25)
        let bomb = try gzip([UInt8](repeating: 32, count: 40 << 20))
        try await follow(
            feed,
            at: "/feed",
            { request in
                request.target.hasPrefix("/feed/")
                    ? [.answer(200, SampleFeed.atom + ["Content-Encoding: gzip"], bomb)]
                    : feed.serve(request)
            }
        ) { client, _ in
            let error = await #expect(throws: SourceError.self) { try await client.allEvents() }
            #expect(error?.code == .tooLarge)
        }
    }

    @Test
    func `that lags is told from one that has another history`() async throws {
        let feed = try SampleFeed(5)
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
        let feed = try SampleFeed(5)
        try await follow(feed, at: "/feed.atom", feed.serveCopy) { client, _ in
            let error = await #expect(throws: SourceError.self) {
                try await client.allEvents(after: EventNumber(9))
            }
            #expect(error?.code == .afterHead)
        }
    }

    @Test
    func `that changes its epoch says so in the next batch`() async throws {
        let old = try SampleFeed(12)
        let new = try SampleFeed(12, epoch: SampleFeed.otherEpoch)
        let isNew = Mutex(false)
        try await follow(
            old,
            at: "/feed",
            { request in isNew.withLock { $0 } ? new.serve(request) : old.serve(request) }
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
        let feed = try SampleFeed(12)
        try await follow(
            feed,
            at: "/feed",
            { request in
                let steps = feed.serve(request)
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

    @Test(arguments: [
        "repeated", "reversed", "UTF-16", "CDATA", "comments", "prefixed", "ISO-8859-1", "xml:base",
    ])
    func `only in its looks is accepted`(change: String) async throws {
        let feed = try SampleFeed(25)
        try await follow(
            feed,
            at: "/feed",
            { request in
                let steps = feed.serve(request)
                guard request.target.contains("-") else { return steps }
                return [.answer(200, SampleFeed.atom, rewritten(steps.body, change))]
            }
        ) { client, _ in
            let events = try await client.allEvents()
            #expect(events == feed.events)
        }
    }
}

@Suite(.timeLimit(.minutes(2)))
struct `A value that stands elsewhere` {
    private func feed() throws -> SampleFeed {
        try SampleFeed(12) { number in
            number == 4
                ? Payload([UInt8](repeating: 7, count: 70_000), mediaType: .octetStream)
                : .json("{}")
        }
    }

    @Test(arguments: [
        ("too short", SourceError.Code.changedDocument), ("too long", .tooLarge),
        ("changed", .changedDocument), ("gone", .refused), ("sent away", .forbiddenRedirect),
        ("broken", .unreachable), ("busy", .unavailable),
    ])
    func `is checked and asked for again`(fault: String, code: SourceError.Code) async throws {
        let feed = try feed()
        let right = feed.value(.data, EventNumber(4))
        let hasStruck = Mutex(false)
        try await follow(
            feed,
            at: "/feed",
            { request in
                let strikes =
                    request.target.contains("/data/")
                    && hasStruck.withLock { hasStruck in
                        defer { hasStruck = true }
                        return !hasStruck
                    }
                guard strikes else { return feed.serve(request) }
                switch fault {
                case "too short": return [.answer(200, [], Array(right.dropLast()))]
                case "too long": return [.answer(200, [], right + [7])]
                case "changed": return [.answer(200, [], right.dropLast() + [8])]
                case "gone": return [.answer(404)]
                case "sent away": return [.answer(302, ["Location: http://127.0.0.2:1/x"])]
                case "busy": return [.answer(503)]
                default:
                    return [.text("HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\nxx"), .close]
                }
            }
        ) { client, _ in
            let error = await #expect(throws: SourceError.self) { try await client.allEvents() }
            #expect(error?.code == code)
            let events = try await client.allEvents()
            #expect(events == feed.events)
        }
    }

    @Test(arguments: [
        "http://127.0.0.2:1/x", "//127.0.0.2:1/x", "file:///etc/passwd", "https://127.0.0.1/x",
    ])
    func `is never fetched from elsewhere`(reference: String) async throws {
        let feed = try feed()
        try await follow(
            feed,
            at: "/feed",
            { request in
                let steps = feed.serve(request)
                guard request.target.contains("1-10") else { return steps }
                let text = String(decoding: steps.body, as: UTF8.self)
                return [
                    .answer(200, SampleFeed.atom, text: text.replacing("data/4", with: reference))
                ]
            }
        ) { client, _ in
            let error = await #expect(throws: SourceError.self) { try await client.allEvents() }
            #expect(error?.code == .malformedDocument)
        }
    }

    @Test
    func `is never fetched from outside a folder`() async throws {
        let feed = try feed()
        try await withTemporaryDirectory { path in
            try feed.export(to: path)
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
        let feed = try feed()
        try await follow(
            feed,
            at: "/feed",
            { request in
                let steps = feed.serve(request)
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
