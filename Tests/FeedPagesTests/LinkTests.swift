import EventModel
import FeedPages
import Testing

@Suite struct `Links` {
    private func links(_ document: FeedDocument, _ form: FeedForm = .atom) -> [String] {
        document.links(form).map { "\($0.relation.rawValue) \($0.reference)" }
    }

    @Test(
        arguments: [
            (0, "last feed.atom", nil, "previous feed.atom?after=0"),
            (9, "last feed.atom", nil, "previous feed.atom?after=9"),
            (10, "last feed/0b6ffb5e7a6c/1-10.atom", nil, "previous feed.atom?after=10"),
            (
                11, "last feed/0b6ffb5e7a6c/1-10.atom", "feed/0b6ffb5e7a6c/1-10.atom",
                "previous feed.atom?after=11"
            ),
            (
                20, "last feed/0b6ffb5e7a6c/1-10.atom", "feed/0b6ffb5e7a6c/1-10.atom",
                "previous feed.atom?after=20"
            ),
            (
                21, "last feed/0b6ffb5e7a6c/1-10.atom", "feed/0b6ffb5e7a6c/11-20.atom",
                "previous feed.atom?after=21"
            ),
        ] as [(Int, String, String?, String)]
    )
    func `of the head document`(count: Int, last: String, next: String?, previous: String) throws {
        let history = try History.plain(count)
        let older = next.map { ["next \($0)", "prev-archive \($0)"] } ?? []
        let beginning = ["self feed.atom", "first feed.atom", "current feed.atom", last]
        #expect(links(history.headDocument()) == beginning + older + [previous])
        #expect(links(history.headDocument(isStaticCopy: true)) == beginning + older)
    }

    @Test func `of complete pages never depend on the head`() throws {
        let history = try History.plain(30)
        let first = history.pageDocument(try #require(PageRange("1-10")))
        #expect(
            links(first, .json) == [
                "self 1-10.json", "first ../../feed.json", "current ../../feed.json",
                "last 1-10.json", "previous 11-20.json",
            ]
        )
        let last = history.pageDocument(try #require(PageRange("21-30")))
        #expect(
            links(last) == [
                "self 21-30.atom", "first ../../feed.atom", "current ../../feed.atom",
                "last 1-10.atom", "next 11-20.atom", "prev-archive 11-20.atom",
                "previous 31-40.atom",
            ]
        )
    }

    @Test(
        arguments: [
            ("after=0&limit=3", [], "feed.atom?after=3&limit=3"),
            (
                "after=7&limit=3", ["next feed.atom?after=0&limit=7"], "feed.atom?after=10&limit=3"
            ),
            (
                "after=10&limit=3",
                ["next feed/0b6ffb5e7a6c/1-10.atom", "prev-archive feed/0b6ffb5e7a6c/1-10.atom"],
                "feed.atom?after=13&limit=3"
            ),
            ("after=25&limit=3", ["next feed.atom?after=20&limit=5"], nil),
        ] as [(String, [String], String?)]
    )
    func `of an answer to after`(query: String, older: [String], previous: String?) throws {
        let history = try History.plain(25)
        let parsed = try FeedQuery.parse(query)
        let batch = history.batch(after: try #require(parsed.after).rawValue, limit: 3)
        let document = FeedDocument.after(parsed, of: history.identity, batch: batch)
        let expected =
            [
                "self feed.atom?\(query)", "first feed.atom", "current feed.atom",
                "last feed/0b6ffb5e7a6c/1-10.atom",
            ] + older + (previous.map { ["previous \($0)"] } ?? [])
        #expect(links(document) == expected)
    }

    @Test func `let no walk towards the past meet an event twice`() throws {
        for count in [0, 1, 9, 10, 11, 19, 20, 21, 25] {
            let history = try History.plain(count)
            var seen = try ParsedFeed.parse(history.headBytes(), .atom).entries.map(\.number)
            var next = history.headDocument().links(.atom).first { $0.relation == .next }
            while let reference = next?.reference {
                let name = try #require(reference.split(separator: "/").last?.dropLast(5))
                let range = try #require(PageRange(name))
                seen += try ParsedFeed.parse(history.page(range), .atom).entries.map(\.number)
                next = history.pageDocument(range).links(.atom).first { $0.relation == .next }
            }
            #expect(seen.sorted() == history.events.map(\.number), "\(count) events")
            #expect(Set(seen).count == count)
        }
    }

    @Test(
        arguments: [
            ("", 3...5, ["next ?form=json&before=3"], "previous ?form=json&after=5"),
            (
                "limit=2", 4...5, ["next ?form=json&before=4&limit=2"],
                "previous ?form=json&after=5&limit=2"
            ),
            ("after=0", 1...5, [], "previous ?form=json&after=5"),
            ("before=3", 1...2, [], "previous ?form=json&after=2"),
            ("after=5", nil, ["next ?form=json&before=6"], nil),
            ("before=1", nil, [], nil),
        ] as [(String, ClosedRange<Int>?, [String], String?)]
    )
    func `of a stream`(
        query: String,
        versions: ClosedRange<Int>?,
        older: [String],
        previous: String?
    ) throws {
        let history = try History.plain(15)
        let name = try StreamName("thing-0")
        let all = history.events.filter { $0.stream == name }
        let slice = StreamSlice(
            events: versions.map { Array(all[($0.lowerBound - 1)..<$0.upperBound]) } ?? [],
            version: StreamVersion(5),
            head: history.head
        )
        var parsed = try StreamQuery.parse(query)
        parsed.form = .json
        let span = StreamSpan(
            slice,
            after: (.beginning, .beginning),
            scannedTo: (history.head.number, history.head.chain)
        )
        let document = FeedDocument.stream(name, parsed, of: history.identity, span: span)
        let expected =
            [
                "self ?\(parsed.canonical)", "first ?form=json", "current ?form=json",
                "last ?form=json&after=0",
            ] + older + (previous.map { [$0] } ?? [])
        #expect(links(document, .json) == expected)
    }
}
