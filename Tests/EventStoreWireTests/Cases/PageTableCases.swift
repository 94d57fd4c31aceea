import Testing

/// Which entries, links and cache fields the pages of a stream with the events 0 to 24 have.
struct PageTableCases {
    struct Page: Sendable, CustomTestStringConvertible {
        let path: String
        /// The entries' numbers, oldest first.
        let numbers: Range<Int>
        let isHead: Bool
        let last: String?
        let next: String?
        let previous: String?
        let isFixed: Bool

        var testDescription: String { path }
    }

    private static let all = [
        Page(
            path: "",
            numbers: 5..<25,
            isHead: true,
            last: "0/forward/20",
            next: "4/backward/20",
            previous: "25/forward/20",
            isFixed: false
        ),
        Page(
            path: "/head/backward/7",
            numbers: 18..<25,
            isHead: true,
            last: "0/forward/7",
            next: "17/backward/7",
            previous: "25/forward/7",
            isFixed: false
        ),
        Page(
            path: "/24/backward/20",
            numbers: 5..<25,
            isHead: false,
            last: "0/forward/20",
            next: "4/backward/20",
            previous: "25/forward/20",
            isFixed: true
        ),
        Page(
            path: "/24/20",
            numbers: 5..<25,
            isHead: false,
            last: "0/forward/20",
            next: "4/backward/20",
            previous: "25/forward/20",
            isFixed: true
        ),
        Page(
            path: "/4/backward/20",
            numbers: 0..<5,
            isHead: false,
            last: nil,
            next: nil,
            previous: "5/forward/20",
            isFixed: true
        ),
        Page(
            path: "/30/backward/20",
            numbers: 11..<25,
            isHead: false,
            last: "0/forward/20",
            next: "10/backward/20",
            previous: "25/forward/20",
            isFixed: false
        ),
        Page(
            path: "/100/backward/20",
            numbers: 0..<0,
            isHead: false,
            last: "0/forward/20",
            next: "80/backward/20",
            previous: "25/forward/20",
            isFixed: false
        ),
        Page(
            path: "/0/forward/20",
            numbers: 0..<20,
            isHead: false,
            last: nil,
            next: nil,
            previous: "20/forward/20",
            isFixed: true
        ),
        Page(
            path: "/20/forward/20",
            numbers: 20..<25,
            isHead: true,
            last: "0/forward/20",
            next: "19/backward/20",
            previous: "25/forward/20",
            isFixed: false
        ),
        Page(
            path: "/20/forward/5",
            numbers: 20..<25,
            isHead: true,
            last: "0/forward/5",
            next: "19/backward/5",
            previous: "25/forward/5",
            isFixed: true
        ),
        Page(
            path: "/25/forward/20",
            numbers: 0..<0,
            isHead: true,
            last: "0/forward/20",
            next: "24/backward/20",
            previous: nil,
            isFixed: false
        ),
        Page(
            path: "/40/forward/20",
            numbers: 0..<0,
            isHead: true,
            last: "0/forward/20",
            next: "39/backward/20",
            previous: nil,
            isFixed: false
        ),
    ]

    @Test(arguments: StoreKind.allCases, all)
    func `a page has the links that lead on`(_ kind: StoreKind, _ page: Page) async throws {
        try await Interface.with(kind) { client in
            let events = (0..<25).map { BatchEvent(data: #"{"n":\#($0)}"#) }
            #expect(try await client.append("s", events).status == 201)
            let answer = try await client.get("/streams/s\(page.path)")
            let feed = try ShownFeed(answer)
            let base = "\(client.transport.origin)/streams/s"
            #expect(feed.titles == page.numbers.reversed().map { "\($0)@s" })
            #expect(feed.headOfStream == page.isHead)
            #expect(feed.link("last") == page.last.map { "\(base)/\($0)" })
            #expect(feed.link("next") == page.next.map { "\(base)/\($0)" })
            #expect(feed.link("previous") == page.previous.map { "\(base)/\($0)" })
            #expect(
                answer["Cache-Control"]
                    == (page.isFixed
                        ? "max-age=31536000, public" : "max-age=0, no-cache, must-revalidate")
            )
            #expect((answer["ETag"] == nil) == page.isFixed)
            #expect(answer["Vary"] == "Accept")
            #expect((feed.selfUrl == nil) == page.path.contains("forward"))
            #expect(
                feed.eTag.map { "\"\($0)\"" }
                    == (page.isHead && !page.path.contains("forward")
                        ? answer["ETag"] : nil)
            )
        }
    }
}
