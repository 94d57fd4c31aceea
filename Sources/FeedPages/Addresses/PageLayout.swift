public import EventModel

/// How the numbers of a history fall into pages: page k holds `k·size + 1 … (k + 1)·size`.
///
/// A page is complete when the head has reached its last number; from then on it never changes.
public struct PageLayout: Hashable, Sendable {
    /// Events on a complete page, 1 or more.
    public let pageSize: Int

    /// Lays out pages of one size.
    ///
    /// - Parameter pageSize: Events on a complete page, 1 or more.
    public init(pageSize: Int) {
        precondition(pageSize > 0, "a page holds at least one event")
        self.pageSize = pageSize
    }

    private var size: Int64 { Int64(pageSize) }

    /// Finds the page that holds a number.
    ///
    /// - Parameter number: A number, 1 or more.
    /// - Returns: The page; nil for 0, and where the page's last number would not be a number.
    public func page(containing number: EventNumber) -> PageRange? {
        guard number > .beginning else { return nil }
        let before = (number.rawValue - 1) / size * size
        let (last, overflow) = before.addingReportingOverflow(size)
        guard !overflow else { return nil }
        return PageRange(first: EventNumber(before + 1), last: EventNumber(last))
    }

    /// Whether a range is exactly one page, complete or not.
    ///
    /// - Parameter range: Any two numbers.
    /// - Returns: True if it is a page of this size.
    public func isPage(_ range: PageRange) -> Bool { page(containing: range.first) == range }

    /// The last number of the last complete page, 0 where there is none.
    ///
    /// - Parameter head: The highest number recorded.
    /// - Returns: A multiple of the page size.
    public func lastPaged(head: EventNumber) -> EventNumber {
        EventNumber(head.rawValue / size * size)
    }

    /// The last complete page.
    ///
    /// - Parameter head: The highest number recorded.
    /// - Returns: The page that ends at ``lastPaged(head:)``, or nil where none is complete.
    public func lastCompletePage(head: EventNumber) -> PageRange? {
        page(containing: lastPaged(head: head))
    }

    /// The page that ends at a number.
    ///
    /// - Parameter number: Any number.
    /// - Returns: The page whose last number it is, or nil where it ends none.
    public func page(endingAt number: EventNumber) -> PageRange? {
        number.rawValue % size == 0 ? page(containing: number) : nil
    }

    /// The page that follows another.
    ///
    /// - Parameter range: A page.
    /// - Returns: The next page by number, whether it is complete or not; nil where its last number
    ///   would not be a number.
    public func page(following range: PageRange) -> PageRange? {
        let (first, overflow) = range.last.rawValue.addingReportingOverflow(1)
        return overflow ? nil : page(containing: EventNumber(first))
    }

    /// The number after which the head document begins: the last complete page's end, or the page
    /// before it while the head document repeats that page, or 0.
    ///
    /// - Parameter head: The highest number recorded.
    /// - Returns: A multiple of the page size, less than `head` unless that is 0.
    public func headDocumentAfter(head: EventNumber) -> EventNumber {
        let paged = lastPaged(head: head)
        return paged == head && head > .beginning ? EventNumber(head.rawValue - size) : paged
    }

    /// Counts the complete pages.
    ///
    /// - Parameter head: The highest number recorded.
    /// - Returns: 0 or more.
    public func completePageCount(head: EventNumber) -> Int64 { head.rawValue / size }

    /// Lists complete pages, oldest first.
    ///
    /// - Parameters:
    ///   - after: Only pages that hold a number beyond this one.
    ///   - head: The highest number recorded.
    /// - Returns: The pages, made one by one as they are asked for.
    public func completePages(after: EventNumber = .beginning, upTo head: EventNumber)
        -> some Sequence<PageRange>
    {
        let end = lastPaged(head: head)
        let first = after < end ? page(containing: after.next) : nil
        return sequence(first: first) { $0.flatMap { page(following: $0) } }
            .lazy
            .prefix { $0.map { $0.last <= end } ?? false }
            .compactMap { $0 }
    }
}

/// Two numbers as they stand in a page's address, `101-200`; not every pair is a page.
public struct PageRange: Hashable, Sendable, CustomStringConvertible {
    /// The first number.
    public let first: EventNumber
    /// The last number.
    public let last: EventNumber

    /// States a range, which is not checked.
    ///
    /// - Parameters:
    ///   - first: The first number.
    ///   - last: The last number.
    public init(first: EventNumber, last: EventNumber) {
        self.first = first
        self.last = last
    }

    /// Reads `FIRST-LAST`, both decimal without sign or leading zeros.
    ///
    /// - Parameter text: The whole text; returns nil for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.utf8.split(
            separator: UInt8(ascii: "-"),
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard parts.count == 2, let first = Decimal.number(parts[0]),
            let last = Decimal.number(parts[1])
        else { return nil }
        self.init(first: EventNumber(first), last: EventNumber(last))
    }

    /// The number that the range begins after; 0 where it begins with 0 or 1.
    public var after: EventNumber { EventNumber(max(0, first.rawValue - 1)) }

    /// `101-200`.
    public var description: String { "\(first)-\(last)" }
}
