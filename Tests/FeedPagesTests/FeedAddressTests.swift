import EventModel
import FeedPages
import Testing

@Suite struct `Addresses` {
    static let uglyNames = [
        "loan-7", "a/b", "a%2Fb", "100%", "a+b", "a b", "what?", "x#y", "caf\u{E9}",
        "cafe\u{301}", "😀", "...", "-", "a&b=c", "~._-", "\u{2028}", "[1]", "%", "\\",
        String(repeating: "é", count: 256),
    ]

    @Test(arguments: uglyNames)
    func `carry every stream name through their path`(name: String) throws {
        let address = FeedAddress.stream(try StreamName(name))
        let path = address.path
        #expect(path.utf8.allSatisfy { $0 < 0x7F && $0 > 0x20 })
        #expect(!path.dropFirst("/feed/streams/".count).contains("/"))
        #expect(try FeedAddress.parse(path: path) == address)
    }

    static let addresses: [(String, FeedAddress)] = [
        ("/", .service), ("/categories", .categories), ("/feed", .head(nil)),
        ("/feed.atom", .head(.atom)), ("/feed.json", .head(.json)),
        ("/feed.ndjson", .head(.ndjson)),
        (
            "/feed/0b6ffb5e7a6c/101-200.atom",
            .page(epoch: "0b6ffb5e7a6c", range: range, form: .atom)
        ),
        (
            "/feed/0b6ffb5e7a6c/101-200.ndjson",
            .page(epoch: "0b6ffb5e7a6c", range: range, form: .ndjson)
        ),
        (
            "/feed/0b6ffb5e7a6c/data/137",
            .value(epoch: "0b6ffb5e7a6c", kind: .data, number: EventNumber(137))
        ),
        (
            "/feed/0b6ffb5e7a6c/metadata/0",
            .value(epoch: "0b6ffb5e7a6c", kind: .metadata, number: .beginning)
        ),
        ("/feed/101-200", .plainPage(range)), ("/events", .events),
        ("/events/42", .event(EventNumber(42), nil)),
        ("/events/42.atom", .event(EventNumber(42), .atom)),
        ("/events/42.json", .event(EventNumber(42), .json)),
        ("/events/42/data", .eventValue(EventNumber(42), .data)),
        ("/events/42/metadata", .eventValue(EventNumber(42), .metadata)),
        ("/healthz", .health), ("/readyz", .readiness),
    ]

    private static let range = PageRange(first: EventNumber(101), last: EventNumber(200))

    @Test(arguments: addresses)
    func `are read and written alike`(path: String, address: FeedAddress) throws {
        #expect(try FeedAddress.parse(path: path) == address)
        #expect(address.path == path)
    }

    @Test(arguments: [
        "", "feed", "//", "/feed/", "/feed//", "/streams", "/streams/loan-7", "/ping", "/info",
        "/stats", "/users", "/web", "/feed.xml", "/feed.atom/", "/Feed", "/feed/1-10.atom",
        "/feed/streams", "/feed/streams/", "/feed/streams/a/b", "/feed/0b6ffb5e7a6/1-10.atom",
        "/events/", "/events/042", "/events/-1", "/events/42.ndjson", "/events/42/data/",
        "/events/42/datum", "/events/9223372036854775808", "/categories/", "/healthz/x",
        "/feed/01-10", "/feed%2Fstreams%2Fa", "/a/b/c/d/e/f",
    ])
    func `are not found elsewhere`(path: String) throws {
        #expect(try FeedAddress.parse(path: path) == nil)
    }

    @Test(arguments: [
        "/feed/0b6ffb5e7a6c/", "/feed/0b6ffb5e7a6c/x", "/feed/0B6FFB5E7A6C/data/x",
        "/feed/0b6ffb5e7a6c/data/1/2", "/feed/0b6ffb5e7a6c/01-10.atom",
    ])
    func `below an epoch still say which epoch`(path: String) throws {
        #expect(try FeedAddress.parse(path: path) == .unknown(epoch: "0b6ffb5e7a6c"))
    }

    @Test func `decode any valid escape`() throws {
        #expect(try FeedAddress.parse(path: "/%66eed%2Eatom") == .head(.atom))
        #expect(
            try FeedAddress.parse(path: "/feed/0B6ffb5e7a6C/1%2D10.atom")
                == .page(
                    epoch: "0b6ffb5e7a6c",
                    range: PageRange(first: EventNumber(1), last: EventNumber(10)),
                    form: .atom
                )
        )
        #expect(try FeedAddress.parse(path: "/feed/streams/a+b") == .stream(StreamName("a+b")))
    }

    @Test(arguments: [
        "/feed/streams/%", "/feed/streams/%2", "/feed/streams/%zz", "/feed/streams/%C3",
        "/feed/streams/%ED%A0%80", "/feed/streams/%C0%AF", "/feed/streams/.",
        "/feed/streams/..", "/feed/streams/%2E%2E", "/feed/streams/a%00", "/feed/streams/%20a",
        "/%", "/feed/streams/" + String(repeating: "a", count: 513),
    ])
    func `that cannot be read are refused`(path: String) {
        #expect(throws: InvalidAddress.self) { try FeedAddress.parse(path: path) }
    }
}
