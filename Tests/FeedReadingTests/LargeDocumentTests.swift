import EventModel
import EventTesting
import FeedPages
import Subscriptions
import Testing

@testable import FeedReading

@Suite(.timeLimit(.minutes(2)))
struct `A first document that is large` {
    private static let opening = WireLimits.openingBytes
    private static let largest = WireLimits.pageBytes(pageSize: 10)

    @Test(arguments: [opening, opening + 1, largest], [false, true])
    func `is taken as far as its page size allows`(size: Int, isGzipped: Bool) async throws {
        let feed = try await SampleFeed(5)
        let document = padded(await feed.document(at: "/feed"), to: size)
        try await serving(document, isGzipped: isGzipped) { client in
            let description = try await client.describe()
            #expect(description.head == EventNumber(5))
        }
    }

    @Test(arguments: [largest + 1, 2 * largest], [false, true])
    func `is refused beyond that`(size: Int, isGzipped: Bool) async throws {
        let feed = try await SampleFeed(5)
        let document = padded(await feed.document(at: "/feed"), to: size)
        try await serving(document, isGzipped: isGzipped) { client in
            let error = await #expect(throws: SourceError.self) { try await client.describe() }
            #expect(error?.code == .tooLarge)
        }
    }

    @Test(
        arguments: [
            ("<html xmlns='http://www.w3.org/1999/xhtml'>", SourceError.Code.notAnEventFeed),
            ("<feed xmlns='http://www.w3.org/2005/Atom'>", .notAnEventFeed),
            ("<feed xmlns='http://www.w3.org/2005/Atom'></x>", .malformedDocument),
        ],
        [false, true]
    )
    func `is refused by its beginning where no feed begins like this`(
        beginning: (text: String, code: SourceError.Code),
        isGzipped: Bool
    ) async throws {
        let document = padded(Array("\(beginning.text)</feed>\n".utf8), to: 2 * Self.opening)
        try await serving(document, isGzipped: isGzipped) { client in
            let error = await #expect(throws: SourceError.self) { try await client.describe() }
            #expect(error?.code == beginning.code)
        }
    }

    @Test func `lets go of what a bomb has in it`() async throws {
        let document = padded(
            try await SampleFeed(5).document(at: "/feed"),
            to: 64 << 20
        )
        let bomb = try gzip(document)

        let beginning = GzipInflater.beginning(of: bomb, limit: Self.opening)

        #expect(beginning == Array(document.prefix(Self.opening)))
        #expect(try WireLimits.documentBytes(openingWith: beginning) == Self.largest)
        #expect(throws: GzipInflater.Failure.tooLarge) {
            try GzipInflater.inflate(bomb, limit: Self.largest)
        }
    }

    /// Runs `body` with a client of a server that has this document alone.
    private func serving(
        _ document: [UInt8],
        isGzipped: Bool,
        _ body: (FeedClient) async throws -> Void
    ) async throws {
        let sent = isGzipped ? try gzip(document) : document
        let coding = isGzipped ? ["Content-Encoding: gzip"] : []
        try await follow(
            try await SampleFeed(0),
            at: "/feed",
            { _ in [.answer(200, SampleFeed.atom + coding, sent)] }
        ) { client, _ in try await body(client) }
    }

    /// A document with white space before its end, so that it is `size` bytes long.
    private func padded(_ body: [UInt8], to size: Int) -> [UInt8] {
        let end = Array("</feed>\n".utf8)
        let space = [UInt8](repeating: UInt8(ascii: " "), count: size - body.count)
        return body.dropLast(end.count) + space + end
    }
}
