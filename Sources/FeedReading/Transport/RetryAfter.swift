import EventModel
import FeedPages

/// The field `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date.
enum RetryAfter {
    /// One day: no server is taken at its word for longer; a subscription has a ceiling of its own.
    static let ceiling = Duration.seconds(86_400)

    /// How long to wait, or nil where the field is absent, past, negative or nonsense.
    ///
    /// - Parameters:
    ///   - value: The field's value.
    ///   - now: The present, for values that are dates.
    /// - Returns: The time, up to ``ceiling``.
    static func parse(_ value: String?, now: Timestamp) -> Duration? {
        guard let value else { return nil }
        let text = String(value.trimmed)
        if !text.isEmpty,
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        {
            // More digits than a number holds are still a number, only a very large one.
            guard let seconds = Int64(text) else { return ceiling }
            return seconds == 0 ? nil : min(.seconds(seconds), ceiling)
        }
        guard let date = HTTPDate.parse(text, now: now), date > now else { return nil }
        return min(date.duration(since: now), ceiling)
    }
}

extension String {
    /// The text without spaces and tabs at its ends.
    var trimmed: Substring {
        var text = self[...]
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
