import FeedPages
import HTTPTypes

/// `Prefer` (RFC 7240) as far as it is honoured.
enum Preference {
    /// Reads `wait`.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - limits: The highest `wait`, which is used for more.
    /// - Returns: Seconds; nil where nothing is preferred that can be read. Of several the first
    ///   one counts (section 2).
    static func wait(_ request: FeedRequest, limits: WireLimits) -> Int? {
        guard let field = request.fields.list(.prefer) else { return nil }
        for range in field.split(separator: ",") {
            // Parameters of a preference follow a semicolon; wait has none.
            let preference = range.prefix { $0 != ";" }
            let pair = preference.split(separator: "=", maxSplits: 1).map { trim($0) }
            guard pair.count == 2, pair[0].lowercased() == "wait" else { continue }
            var digits = pair[1]
            if digits.count >= 2, digits.hasPrefix("\""), digits.hasSuffix("\"") {
                digits = digits.dropFirst().dropLast()
            }
            guard !digits.isEmpty, digits.utf8.allSatisfy(RequestHeadCheck.isDigit) else {
                return nil
            }
            return min(Int(digits) ?? limits.waitSeconds, limits.waitSeconds)
        }
        return nil
    }

    private static func trim(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " || $0 == "\t" }
        let end = start.reversed().prefix { $0 == " " || $0 == "\t" }.count
        return start.dropLast(end)
    }
}
