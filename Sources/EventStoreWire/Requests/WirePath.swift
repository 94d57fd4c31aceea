import EventModel

/// The path of a request as decoded segments.
///
/// The product decodes before it cuts, so an escaped `/` cuts like a plain one: a name with `/` in
/// it cannot be addressed here.
struct WirePath: Hashable {
    /// What stands between the slashes, decoded.
    let segments: [String]
    /// Whether the last byte is a `/` that ends a segment.
    let endsWithSlash: Bool

    /// Cuts a path.
    ///
    /// - Parameter raw: The path as it was sent, with its escapes; returns nil where the decoded
    ///   path is not UTF-8 or does not begin with `/`.
    init?(_ raw: String) {
        guard let text = PercentText.decode(raw), text.utf8.first == UInt8(ascii: "/") else {
            return nil
        }
        var parts = text.utf8.dropFirst().split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        endsWithSlash = parts.count > 1 && parts.last?.isEmpty == true
        if endsWithSlash { parts.removeLast() }
        segments = parts.map { String(Substring($0)) }
    }
}

/// Percent-encoded text (RFC 3986 section 2.1).
enum PercentText {
    /// Decodes escapes; a `%` that begins none stays.
    ///
    /// - Parameter raw: Text with escapes.
    /// - Returns: Nil where the bytes are not UTF-8.
    static func decode(_ raw: some StringProtocol) -> String? {
        guard raw.utf8.contains(UInt8(ascii: "%")) else { return String(raw) }
        let bytes = Array(raw.utf8)
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = Hex.value(of: bytes[index + 1]),
                let low = Hex.value(of: bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    /// The value of a query variable; names compare without case, and the first one counts.
    ///
    /// - Parameters:
    ///   - name: The name in lower case.
    ///   - query: What stands after `?`.
    /// - Returns: The decoded value; nil where there is none or it is not UTF-8.
    static func value(of name: String, in query: String?) -> String? {
        guard let query else { return nil }
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = parts.first.flatMap({ decode($0) }), key.lowercased() == name else {
                continue
            }
            return parts.count > 1 ? decode(parts[1].replacing("+", with: "%20")) : ""
        }
        return nil
    }
}
