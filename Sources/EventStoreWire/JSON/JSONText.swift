import EventModel

/// The characters of JSON strings, as bytes of UTF-8.
enum JSONText {
    /// Decodes a string that was checked; half of a surrogate pair becomes U+FFFD, as it does
    /// wherever UTF-16 is written as UTF-8.
    static func decode(_ string: JSONString, in text: [UInt8]) -> [UInt8] {
        if let decoded = try? string.utf8(in: text) { return Array(decoded) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(string.range.count)
        var index = string.range.lowerBound
        while index < string.range.upperBound {
            guard text[index] == UInt8(ascii: "\\") else {
                decoded.append(text[index])
                index += 1
                continue
            }
            let length = appendEscape(in: text, at: index, string.range.upperBound, &decoded)
            index += length
        }
        return decoded
    }

    /// Appends the character of an escape, and returns how many bytes the escape has.
    private static func appendEscape(
        in text: [UInt8],
        at index: Int,
        _ end: Int,
        _ decoded: inout [UInt8]
    ) -> Int {
        switch text[index + 1] {
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"):
            var units = [unit(in: text, at: index)]
            let next = index + 6
            if UTF16.isLeadSurrogate(units[0]), next + 6 <= end,
                text[next] == UInt8(ascii: "\\"), text[next + 1] == UInt8(ascii: "u"),
                UTF16.isTrailSurrogate(unit(in: text, at: next))
            {
                units.append(unit(in: text, at: next))
            }
            decoded.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
            return 6 * units.count
        default: decoded.append(text[index + 1])
        }
        return 2
    }

    private static func unit(in text: [UInt8], at index: Int) -> UInt16 {
        text[(index + 2)..<(index + 6)].reduce(0) { $0 << 4 | UInt16(Hex.value(of: $1) ?? 0) }
    }
}
