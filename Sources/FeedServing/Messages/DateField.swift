import EventModel
import FeedPages
import Synchronization

/// The value of the field `Date`, made once a second.
final class DateField: Sendable {
    private let cached = Mutex<(second: Int64?, text: String)>((nil, ""))

    /// The time now.
    var now: String {
        let instant = Timestamp.now()
        let (whole, rest) = instant.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let second = rest < 0 ? whole - 1 : whole
        return cached.withLock { cached in
            if cached.second != second { cached = (second, HTTPDate.text(of: instant)) }
            return cached.text
        }
    }
}
