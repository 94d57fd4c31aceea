import EventModel
import Testing

@testable import FeedReading

@Suite
struct `Retry-After` {
    /// It is 2026-01-01T00:00:00Z.
    private let now = Timestamp(microseconds: 1_767_225_600_000_000)

    @Test(arguments: [
        ("1", 1), ("120", 120), (" 7 ", 7), ("007", 7),
        ("86400", 86_400), ("86401", 86_400), ("99999999999999999999999", 86_400),
        ("Thu, 01 Jan 2026 00:00:30 GMT", 30),
        ("Thursday, 01-Jan-26 00:01:00 GMT", 60),
        ("Thu Jan  1 00:02:00 2026", 120),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
    ])
    func `is seconds or a date, up to a day`(value: String, seconds: Int) {
        #expect(RetryAfter.parse(value, now: now) == .seconds(seconds))
    }

    @Test(arguments: [
        nil, "", "0", "-5", "+5", "1.5", "1e3", "soon", "120s", "٣",
        "Thu, 01 Jan 2026 00:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 GMT",
        "Thu, 01 Foo 2026 00:00:30 GMT", "Thu, 41 Jan 2026 00:00:30 GMT",
        "Thu, 01 Jan 2026 00:00:30 CET", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Thu, 01 Jan 2026 25:00:30 GMT", "Thu, 01 Jan -026 00:00:30 GMT",
    ])
    func `is nothing where it is past or nonsense`(value: String?) {
        #expect(RetryAfter.parse(value, now: now) == nil)
    }
}
