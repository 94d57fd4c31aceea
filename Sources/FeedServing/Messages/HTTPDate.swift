import EventModel
import Synchronization

/// The value of `Date` (RFC 9110 section 5.6.7), made once a second.
final class HTTPDate: Sendable {
    private let cached = Mutex<(second: Int64, text: String)>((-1, ""))

    /// The time now.
    var now: String {
        let instant = Timestamp.now()
        let second = instant.microseconds / 1_000_000
        return cached.withLock { cached in
            if cached.second != second { cached = (second, Self.text(of: instant)) }
            return cached.text
        }
    }

    /// An instant in the one form that is still generated, `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func text(of instant: Timestamp) -> String {
        let days = instant.microseconds / 86_400_000_000
        // 1970-01-01 was a Thursday.
        let weekday = weekdays[Int((days + 4) % 7)]
        let digits = Array(instant.description.utf8)
        func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
        let month = months[(Int(part(5..<7)) ?? 1) - 1]
        return "\(weekday), \(part(8..<10)) \(month) \(part(0..<4)) \(part(11..<19)) GMT"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
