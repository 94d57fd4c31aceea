package import EventModel

/// Dates as header fields have them (RFC 9110 section 5.6.7).
package enum HTTPDate {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// An instant in the one form that is still generated, `Sun, 06 Nov 1994 08:49:37 GMT`.
    ///
    /// - Parameter instant: Any instant, also before 1970; one outside `Timestamp.range` is shown
    ///   as the nearest one inside it.
    /// - Returns: The field's value, cut to the second.
    package static func text(of instant: Timestamp) -> String {
        let range = Timestamp.range
        let shown = min(max(instant, range.lowerBound), range.upperBound)
        let (days, rest) = shown.microseconds.quotientAndRemainder(dividingBy: 86_400_000_000)
        // 1970-01-01 was a Thursday; before it, days end at zero instead of beginning there.
        let weekday = (days - (rest < 0 ? 1 : 0) + 4) % 7
        let digits = Array(shown.description.utf8)
        func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
        let month = months[(Int(part(5..<7)) ?? 1) - 1]
        return "\(weekdays[Int(weekday < 0 ? weekday + 7 : weekday)]), \(part(8..<10)) \(month) "
            + "\(part(0..<4)) \(part(11..<19)) GMT"
    }

    /// The instant that `text` names in any of the three forms, or nil where it is no date.
    ///
    /// - Parameters:
    ///   - text: The field's value.
    ///   - now: The present, which decides the century of a year of two digits.
    /// - Returns: The instant.
    package static func parse(_ text: String, now: Timestamp) -> Timestamp? {
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
        // `Sun, 06 Nov 1994 08:49:37 GMT` and `Sunday, 06-Nov-94 08:49:37 GMT`
        if words.count == 6, words[5] == "GMT" {
            return instant(year: words[3], month: words[2], day: words[1], time: words[4], now)
        }
        // `Sun Nov  6 08:49:37 1994`
        if words.count == 5 {
            return instant(year: words[4], month: words[1], day: words[2], time: words[3], now)
        }
        return nil
    }

    private static func instant(
        year: String,
        month: String,
        day: String,
        time: String,
        _ now: Timestamp
    ) -> Timestamp? {
        guard let month = months.firstIndex(of: month), let year = fullYear(year, now: now),
            day.utf8.count <= 2
        else { return nil }
        // What is no digit is refused by the reader of RFC 3339.
        return Timestamp(rfc3339: "\(year)-\(padded(month + 1))-\(padded(day))T\(time)Z")
    }

    private static func padded(_ value: some CustomStringConvertible) -> String {
        let text = value.description
        return text.utf8.count < 2 ? "0" + text : text
    }

    /// RFC 9110 section 5.6.7: a year of two digits that seems more than 50 years ahead is past.
    private static func fullYear(_ text: String, now: Timestamp) -> String? {
        if text.utf8.count == 4 { return text }
        guard text.utf8.count == 2, let year = Int(text),
            let thisYear = Int(now.description.prefix(4))
        else { return nil }
        let candidate = thisYear / 100 * 100 + year
        return String(candidate > thisYear + 50 ? candidate - 100 : candidate)
    }
}
