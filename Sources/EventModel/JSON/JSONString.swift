/// A string within a JSON text that was checked; its characters are read when somebody asks.
package struct JSONString: Hashable, Sendable {
    /// What stands between the quotes.
    package let range: Range<Int>
    /// Whether there is a backslash in it.
    package let hasEscapes: Bool

    /// The text, or an error where an escape is half of a surrogate pair.
    package func text(in bytes: [UInt8]) throws(JSONError) -> String {
        String(decoding: try utf8(in: bytes), as: UTF8.self)
    }

    /// The bytes of the text.
    package func utf8(in bytes: [UInt8]) throws(JSONError) -> ArraySlice<UInt8> {
        guard hasEscapes else { return bytes[range] }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            guard bytes[index] == UInt8(ascii: "\\") else {
                decoded.append(bytes[index])
                index += 1
                continue
            }
            if let simple = Self.simpleEscape(bytes[index + 1]) {
                decoded.append(simple)
                index += 2
                continue
            }
            let (scalar, length) = try Self.scalar(in: bytes, at: index, end: range.upperBound)
            decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            index += length
        }
        return decoded[...]
    }

    /// The character of an escape with four digits, or of a pair of them, and its bytes.
    private static func scalar(in bytes: [UInt8], at index: Int, end: Int) throws(JSONError)
        -> (Unicode.Scalar, Int)
    {
        let high = unit(in: bytes, at: index + 2)
        if let scalar = Unicode.Scalar(high) { return (scalar, 6) }
        let next = index + 6
        guard high < 0xDC00, next + 6 <= end, bytes[next] == UInt8(ascii: "\\"),
            bytes[next + 1] == UInt8(ascii: "u")
        else { throw JSONError(reason: .loneSurrogate, index: index) }
        let low = unit(in: bytes, at: next + 2)
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw JSONError(reason: .loneSurrogate, index: index) }
        return (scalar, 12)
    }

    private static func unit(in bytes: [UInt8], at index: Int) -> UInt32 {
        bytes[index..<(index + 4)].reduce(0) { $0 << 4 | UInt32(Hex.value(of: $1) ?? 0) }
    }

    private static func simpleEscape(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "u"): nil
        default: byte
        }
    }
}
