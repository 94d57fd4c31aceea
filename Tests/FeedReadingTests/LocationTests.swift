import EventModel
import EventTesting
import FeedPages
import Foundation
import Subscriptions
import Synchronization
import Testing

@testable import FeedReading

@Suite
struct `The place of a feed` {
    @Test(arguments: [
        ("folder", "folder"), ("/a/b/", "/a/b/"), ("/a/feed.atom", "/a"), ("feed.atom", "."),
        ("/feed.atom", "/"), ("file:///a/b", "/a/b"), ("file:///a%20b/feed.atom", "/a b"),
        ("file://localhost/a", "/a"),
    ])
    func `may be a folder`(text: String, path: String) throws {
        #expect(try FeedLocation(text) == .folder(path: path))
    }

    @Test(arguments: ["http://h", "http://h/feed", "HTTPS://h:8443/x/feed.atom", "http://[::1]:1/"])
    func `may be an address`(text: String) throws {
        #expect(try FeedLocation(text) == .web(try #require(URL(string: text))))
    }

    @Test(arguments: [
        "http://ann:s3cret@h/feed", "https://ann@h", "HTTP://:s3cret@h", "http:/ann:s3cret@h",
        "http:ann:s3cret@h", "ftp://ann:s3cret@h/feed", "http:\\\\ann:s3cret@h",
        "http://ann:s3cret@[::1]:1/x",
    ])
    func `holds no password, and none is shown`(text: String) {
        let error = #expect(throws: SourceError.self) { try FeedLocation(text) }
        #expect(error?.code == .unusableAddress)
        #expect(error?.message.contains("--user NAME") == true)
        #expect(error?.message.contains("s3cret") == false)
    }

    @Test
    func `does not show what may be a misspelled password`() throws {
        let error = #expect(throws: SourceError.self) { try FeedLocation("http://a:s3/cret@h") }
        #expect(error?.message.contains("cret") == false)
        let url = try #require(URL(string: "http://ann:s3cret@h/feed"))
        #expect(FeedLocation.web(url).description == "http://h/feed")
        #expect(try FeedLocation("http://h/@x") == .web(try #require(URL(string: "http://h/@x"))))
    }

    @Test(arguments: [
        "", "ftp://h/feed", "http://", "http:///feed", "http://h/feed?after=1", "http://h:0/",
        "http://h:99999/", "file://elsewhere/a", "urn://x",
    ])
    func `is refused where it is neither`(text: String) {
        let error = #expect(throws: SourceError.self) { try FeedLocation(text) }
        #expect(error?.code == .unusableAddress)
    }

    @Test(arguments: [
        ("http://h", "http://h/"), ("http://h/", "http://h/"), ("http://h/feed", "http://h/"),
        ("http://h/s/feed.atom", "http://h/s/"), ("http://h/s/events", "http://h/s/"),
        ("http://h/s", "http://h/s/"), ("http://h/feed/", "http://h/feed/"),
    ])
    func `tells the root of a server`(text: String, root: String) throws {
        #expect(try ServerRoot.of(try FeedLocation(text)).absoluteString == root)
    }

    @Test
    func `is refused where a folder has no feed`() async throws {
        try await withTemporaryDirectory { path in
            try await followFolder(path) { client in
                let error = await #expect(throws: SourceError.self) { try await client.describe() }
                #expect(error?.code == .notAnEventFeed)
            }
        }
    }

    @Test
    func `is refused where the feed is another one`() async throws {
        let feed = try await SampleFeed(1)
        let other = """
            <feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>News</title>\
            <updated>2026-01-01T00:00:00Z</updated></feed>
            """
        let script: ScriptedServer.Script = { _ in [.answer(200, SampleFeed.atom, text: other)] }
        try await follow(feed, at: "/feed", script) { client, _ in
            let error = await #expect(throws: SourceError.self) { try await client.describe() }
            #expect(error?.code == .notAnEventFeed)
            #expect(error?.message.contains("no ef:feed") == true)
        }
    }
}

@Suite(.timeLimit(.minutes(1)))
struct `Reading ahead` {
    @Test
    func `fetches pages side by side`() async throws {
        let feed = try await SampleFeed(200)
        try await follow(feed, at: "/feed", feed.serve) { client, server in
            _ = try await client.allEvents()
            #expect(server.connectionCount > 1)
            #expect(server.connectionCount <= 4)
        }
    }

    @Test
    func `never has more requests on the way than it is told to`() async throws {
        let feed = try await SampleFeed(100)
        let settings = FeedClient.Settings(requestsAtOnce: 1)
        try await follow(feed, at: "/feed", feed.serve, settings: settings) { client, server in
            let events = try await client.allEvents()

            #expect(events == feed.events)
            #expect(server.connectionCount == 1)
        }
    }

    @Test
    func `fetches a page alone that is larger than its share`() async throws {
        let feed = try await SampleFeed(45) { number in
            // Inline, and together more than a page's share of the smallest bound.
            .json("\"\(String(repeating: "x", count: number <= 20 ? 60_000 : 10))\"")
        }
        let settings = FeedClient.Settings(requestsAtOnce: 4, bytesAhead: 1 << 20)
        try await follow(feed, at: "/feed", feed.serve, settings: settings) { client, server in
            let events = try await client.allEvents()

            #expect(events == feed.events)
            let pages = server.targets.filter { $0.hasPrefix("/feed/") }
            // The first was begun and given up, then asked for alone; the second too at the most.
            #expect(pages.count <= 8)
        }
    }
}
