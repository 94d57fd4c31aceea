import EventModel
import FeedPages
import Testing

@Suite struct `A date in a header field` {
    @Test(arguments: [
        ("1994-11-06T08:49:37.9Z", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("1969-12-31T23:59:59.5Z", "Wed, 31 Dec 1969 23:59:59 GMT"),
        ("1969-12-31T00:00:00Z", "Wed, 31 Dec 1969 00:00:00 GMT"),
        ("1969-12-24T12:00:00Z", "Wed, 24 Dec 1969 12:00:00 GMT"),
        ("2000-02-29T00:00:00Z", "Tue, 29 Feb 2000 00:00:00 GMT"),
        ("0001-01-01T00:00:00Z", "Mon, 01 Jan 0001 00:00:00 GMT"),
        ("9999-12-31T23:59:59Z", "Fri, 31 Dec 9999 23:59:59 GMT"),
    ])
    func `has its day of the week before 1970 too`(instant: String, text: String) throws {
        let instant = try #require(Timestamp(rfc3339: instant))
        #expect(HTTPDate.text(of: instant) == text)
        let parsed = try #require(HTTPDate.parse(text, now: instant))
        #expect(HTTPDate.text(of: parsed) == text)
    }

    @Test(arguments: [(Int64.min, "Mon, 01 Jan 0001"), (Int64.max, "Fri, 31 Dec 9999")])
    func `stays within what four digits can write`(microseconds: Int64, day: String) {
        let text = HTTPDate.text(of: Timestamp(microseconds: microseconds))
        #expect(text.hasPrefix(day))
    }
}
