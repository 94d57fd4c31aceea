import EventModel
import FeedPages
import Testing

@Suite struct `Queries` {
    @Test(
        arguments: [
            (nil, "after=0"), ("", "after=0"), ("after=5", "after=5"),
            ("limit=10&after=5", "after=5&limit=10"), ("wait=0", "after=0&wait=0"),
            ("type=Re*&stream=loan-7", "after=0&stream=loan-7&type=Re%2A"),
            ("stream=b&stream=a&stream=b", "after=0&stream=a&stream=b"),
            ("stream=%C3%A9&stream=e%CC%81", "after=0&stream=e%CC%81&stream=%C3%A9"),
            ("type=*&category=&wait=60", "after=0&wait=60&category=&type=%2A"),
            ("stream=a+b%20c", "after=0&stream=a%2Bb%20c"),
            ("type=B&type=A*&category=x", "after=0&category=x&type=A%2A&type=B"),
        ] as [(String?, String)]
    )
    func `have one canonical form`(query: String?, canonical: String) throws {
        let parsed = try FeedQuery.parse(query)
        #expect(parsed.canonical == canonical)
        #expect(try FeedQuery.parse(canonical).canonical == canonical)
        #expect(parsed.isEmpty == (query ?? "").isEmpty)
    }

    @Test func `keep everything for the next page but the number`() throws {
        let query = try FeedQuery.parse("after=1&limit=2&wait=3&type=T")
        #expect(query.following(EventNumber(9)).canonical == "after=9&limit=2&wait=3&type=T")
    }

    @Test(arguments: [
        ("after=01", "after"), ("after=-1", "after"), ("after=", "after"), ("after", "after"),
        ("after=1&after=1", "after"), ("after=9223372036854775808", "after"),
        ("limit=0", "limit"), ("limit=1001", "limit"), ("limit=ten", "limit"),
        ("wait=61", "wait"), ("wait=1.5", "wait"), ("colour=red", "colour"),
        ("since=yesterday", "since"), ("since=2026-01-01T00:00:00", "since"),
        ("since=2026-01-01 00:00:00Z", "since"), ("since=2026-01-01T00:00:00Z&after=1", "after"),
        ("type=", "type"), ("stream=", "stream"), ("stream=..", "stream"), ("stream=%00", "stream"),
        ("form=atom", "form"), ("before=1", "before"),
    ])
    func `name the parameter that is not valid`(query: String, parameter: String) {
        let error = #expect(throws: InvalidParameter.self) { try FeedQuery.parse(query) }
        #expect(error?.parameter == parameter)
    }

    @Test func `refuse broken escapes and too many filters`() throws {
        #expect(throws: InvalidParameter.self) { try FeedQuery.parse("stream=%C3") }
        #expect(throws: InvalidParameter.self) { try FeedQuery.parse("%zz=1") }
        let many = (1...100).map { "stream=s\($0)" }.joined(separator: "&")
        #expect(try FeedQuery.parse(many).filter.streams.count == 100)
        #expect(throws: InvalidParameter.self) { try FeedQuery.parse(many + "&type=T") }
    }

    @Test(arguments: [
        ("2026-01-01T00:00:00Z", 1_767_225_600_000_000),
        ("2026-01-01t00:00:00z", 1_767_225_600_000_000),
        ("2026-01-01T01:30:00+01:30", 1_767_225_600_000_000),
        ("2025-12-31T23:00:00-01:00", 1_767_225_600_000_000),
        ("2026-01-01T00:00:00.1234567890Z", 1_767_225_600_123_457),
        ("2026-01-01T00:00:00.1234560000Z", 1_767_225_600_123_456),
        ("2026-01-01T00:00:00.0000000001Z", 1_767_225_600_000_001),
        ("2025-12-31T23:59:60Z", 1_767_225_600_000_000),
        ("2025-12-31T23:59:60.5Z", 1_767_225_600_500_000),
    ])
    func `take an instant exactly, with a raw plus`(since: String, microseconds: Int64) throws {
        let query = try FeedQuery.parse("since=\(since)&limit=5")
        #expect(query.since == Timestamp(microseconds: microseconds))
        #expect(query.following(EventNumber(3)).canonical == "after=3&limit=5")
    }

    @Test(arguments: [
        ("", ""), ("form=json", "form=json"),
        ("limit=5&after=0&form=atom", "form=atom&after=0&limit=5"),
        ("before=7", "before=7"),
    ])
    func `of a stream have one canonical form`(query: String, canonical: String) throws {
        #expect(try StreamQuery.parse(query).canonical == canonical)
    }

    @Test(arguments: [
        "form=xml", "after=1&before=2", "before=0", "after=x", "limit=0", "wait=1", "stream=a",
        "form=atom&form=atom",
    ])
    func `of a stream are refused`(query: String) {
        #expect(throws: InvalidParameter.self) { try StreamQuery.parse(query) }
    }

    @Test func `are refused where an address takes none`() throws {
        try StreamQuery.refuseAll("")
        try StreamQuery.refuseAll(nil)
        let error = #expect(throws: InvalidParameter.self) { try StreamQuery.refuseAll("a=b") }
        #expect(error?.expected == "this address takes no parameters")
    }

    @Test func `give a filter back`() throws {
        let filter = try EventFilter(canonical: "category=&stream=a%2Fb&type=Re%2A&type=X")
        #expect(filter.canonical == "category=&stream=a%2Fb&type=Re%2A&type=X")
        #expect(filter.matches(stream: try StreamName("a/b"), type: try EventType("X")) == false)
        #expect(EventFilter.everything.canonical.isEmpty)
        #expect(throws: InvalidParameter.self) { try EventFilter(canonical: "after=1") }
    }
}
