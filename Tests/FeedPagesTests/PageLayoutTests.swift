import EventModel
import FeedPages
import Testing

@Suite struct `The layout of pages` {
    struct Case: Sendable {
        let size: Int
        let head: Int64
        let paged: Int64
        let headAfter: Int64
        let pages: [String]
    }

    static let cases = [10, 100, 500].flatMap { size in
        let page = Int64(size)
        let first = "1-\(page)"
        let second = "\(page + 1)-\(2 * page)"
        return [
            Case(size: size, head: 0, paged: 0, headAfter: 0, pages: []),
            Case(size: size, head: 1, paged: 0, headAfter: 0, pages: []),
            Case(size: size, head: page - 1, paged: 0, headAfter: 0, pages: []),
            Case(size: size, head: page, paged: page, headAfter: 0, pages: [first]),
            Case(size: size, head: page + 1, paged: page, headAfter: page, pages: [first]),
            Case(size: size, head: 2 * page - 1, paged: page, headAfter: page, pages: [first]),
            Case(
                size: size,
                head: 2 * page,
                paged: 2 * page,
                headAfter: page,
                pages: [first, second]
            ),
            Case(
                size: size,
                head: 2 * page + 1,
                paged: 2 * page,
                headAfter: 2 * page,
                pages: [first, second]
            ),
        ]
    }

    @Test(arguments: cases)
    func `knows which pages are complete`(example: Case) {
        let layout = PageLayout(pageSize: example.size)
        let head = EventNumber(example.head)
        #expect(layout.lastPaged(head: head) == EventNumber(example.paged))
        #expect(layout.headDocumentAfter(head: head) == EventNumber(example.headAfter))
        #expect(layout.completePages(upTo: head).map(\.description) == example.pages)
        #expect(layout.completePageCount(head: head) == Int64(example.pages.count))
        #expect(layout.lastCompletePage(head: head)?.description == example.pages.last)
    }

    @Test func `finds the page of every number`() {
        let layout = PageLayout(pageSize: 10)
        #expect(layout.page(containing: .beginning) == nil)
        for number in Int64(1)...30 {
            let page = layout.page(containing: EventNumber(number))
            let first = (number - 1) / 10 * 10 + 1
            #expect(page == PageRange(first: EventNumber(first), last: EventNumber(first + 9)))
            #expect(page.map(layout.isPage) == true)
            let ending = layout.page(endingAt: EventNumber(number))
            #expect(ending == (number % 10 == 0 ? page : nil))
        }
        #expect(layout.page(containing: EventNumber(.max)) == nil)
    }

    /// 49 divides the highest number there is, so that the last page is complete.
    @Test func `ends with the highest number`() throws {
        let layout = PageLayout(pageSize: 49)
        let highest = EventNumber(.max)
        let last = try #require(layout.page(containing: highest))
        #expect(last.description == "9223372036854775759-9223372036854775807")
        #expect(layout.isPage(last))
        #expect(layout.page(following: last) == nil)
        #expect(layout.page(endingAt: highest) == last)
        #expect(layout.lastCompletePage(head: highest) == last)
        #expect(layout.headDocumentAfter(head: highest) == last.after)
        let before = try #require(layout.page(endingAt: last.after))
        #expect(layout.page(following: before) == last)
        #expect(Array(layout.completePages(after: before.after, upTo: highest)) == [before, last])
        #expect(Array(layout.completePages(after: highest, upTo: highest)).isEmpty)
    }

    @Test func `goes on after no page that would end beyond the highest number`() throws {
        let layout = PageLayout(pageSize: 10)
        let highest = EventNumber(.max)
        let last = try #require(layout.lastCompletePage(head: highest))
        #expect(last.last == EventNumber(9_223_372_036_854_775_800))
        #expect(layout.page(following: last) == nil)
        #expect(Array(layout.completePages(after: last.after, upTo: highest)) == [last])
    }

    @Test(arguments: ["1-11", "2-11", "0-9", "11-10", "10-10", "0-0"])
    func `takes no other range for a page`(text: String) throws {
        #expect(!PageLayout(pageSize: 10).isPage(try #require(PageRange(text))))
    }

    @Test func `goes on from a number in the middle of a page`() {
        let layout = PageLayout(pageSize: 10)
        let head = EventNumber(35)
        func pages(after: Int64) -> [String] {
            layout.completePages(after: EventNumber(after), upTo: head).map(\.description)
        }
        #expect(pages(after: 9) == ["1-10", "11-20", "21-30"])
        #expect(pages(after: 10) == ["11-20", "21-30"])
        #expect(pages(after: 29) == ["21-30"])
        #expect(pages(after: 30).isEmpty)
    }

    @Test(arguments: [
        "", "-", "1-", "-1", "1", "01-10", "1-010", "+1-10", "1-10-", " 1-10", "1-10 ",
        "1-9223372036854775808", "a-b", "1–10", "1-1²",
    ])
    func `reads no range from other texts`(text: String) {
        #expect(PageRange(text) == nil)
    }

    @Test func `reads the highest number`() throws {
        let range = try #require(PageRange("0-9223372036854775807"))
        #expect(range.last.rawValue == .max)
        #expect(range.description == "0-9223372036854775807")
    }
}
