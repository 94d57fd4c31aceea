import EventModel

/// Names of JSON members as names of XML, and back, as .NET's `XmlConvert` does.
///
/// A character that cannot stand in a name becomes `_xHHHH_`, and so does an underscore that
/// would otherwise begin such a group. A colon is encoded too: prefixes would have to be declared.
enum XMLNames {
    /// Encodes a name; one without any character becomes `_`.
    static func encode(_ name: [UInt8]) -> [UInt8] {
        if name.isEmpty { return [UInt8(ascii: "_")] }
        if isPlain(name) { return name }
        var encoded: [UInt8] = []
        var index = 0
        for scalar in String(decoding: name, as: UTF8.self).unicodeScalars {
            let isGroup = scalar == "_" && lengthOfGroup(in: name, at: index) != nil
            if !isGroup, isNameCharacter(scalar, isFirst: index == 0) {
                encoded.append(contentsOf: String(scalar).utf8)
            } else {
                appendGroup(scalar.value, to: &encoded)
            }
            // Only names of valid UTF-8 come here, so both walks keep step.
            index += UTF8.width(scalar)
        }
        return encoded
    }

    /// Decodes a name.
    static func decode(_ name: [UInt8]) -> [UInt8] {
        guard name.contains(UInt8(ascii: "_")) else { return name }
        var decoded: [UInt8] = []
        var index = 0
        while index < name.count {
            if let length = lengthOfGroup(in: name, at: index),
                let scalar = scalar(of: name[(index + 2)..<(index + length - 1)])
            {
                decoded.append(contentsOf: String(scalar).utf8)
                index += length
            } else {
                decoded.append(name[index])
                index += 1
            }
        }
        return decoded
    }

    /// Whether a name needs no encoding, as nearly all do.
    private static func isPlain(_ name: [UInt8]) -> Bool {
        for (index, byte) in name.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                continue
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                if index == 0 { return false }
            case UInt8(ascii: "_"):
                if lengthOfGroup(in: name, at: index) != nil { return false }
            default:
                return false
            }
        }
        return true
    }

    /// The length of `_xHHHH_` or `_xHHHHHHHH_` at a place; nil where there is none.
    private static func lengthOfGroup(in name: [UInt8], at index: Int) -> Int? {
        guard index + 1 < name.count, name[index] == UInt8(ascii: "_"),
            name[index + 1] | 0x20 == UInt8(ascii: "x")
        else { return nil }
        let digits = name[(index + 2)...].prefix(9).prefix { Hex.value(of: $0) != nil }
        guard digits.count == 4 || digits.count == 8 else { return nil }
        let end = index + 2 + digits.count
        return end < name.count && name[end] == UInt8(ascii: "_") ? end + 1 - index : nil
    }

    private static func scalar(of digits: ArraySlice<UInt8>) -> Unicode.Scalar? {
        Unicode.Scalar(digits.reduce(0 as UInt32) { $0 << 4 | UInt32(Hex.value(of: $1) ?? 0) })
    }

    private static func appendGroup(_ value: UInt32, to encoded: inout [UInt8]) {
        encoded.add("_x")
        let digits = value > 0xFFFF ? 8 : 4
        for place in 1...digits {
            let digit = UInt8(truncatingIfNeeded: value >> UInt32(4 * (digits - place))) & 0xF
            encoded.append(
                digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
            )
        }
        encoded.append(UInt8(ascii: "_"))
    }

    /// Whether a character may stand in a name, for every reader.
    ///
    /// The fourth and the fifth edition of XML 1.0 differ here, and .NET's readers know the fourth.
    /// Beyond ASCII these are large ranges of letters in which both agree; encoding what both would
    /// take does no harm, since decoding is the same for everybody.
    private static func isNameCharacter(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "_": true
        case "0"..."9", "-", ".": !isFirst
        case "\u{C0}"..."\u{D6}", "\u{D8}"..."\u{F6}", "\u{F8}"..."\u{131}": true
        case "\u{391}"..."\u{3A1}", "\u{3A3}"..."\u{3CE}": true
        case "\u{401}"..."\u{40C}", "\u{40E}"..."\u{44F}", "\u{451}"..."\u{45C}": true
        case "\u{3041}"..."\u{3094}", "\u{30A1}"..."\u{30FA}": true
        case "\u{4E00}"..."\u{9FA5}", "\u{AC00}"..."\u{D7A3}": true
        default: false
        }
    }
}
