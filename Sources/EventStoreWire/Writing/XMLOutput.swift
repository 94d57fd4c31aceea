import EventModel

/// Writes XML in the product's style: no white space between elements, `<x />` for empty ones.
enum XMLOutput {
    /// What stands before every document that has a declaration.
    static let declaration: StaticString = "<?xml version=\"1.0\" encoding=\"utf-8\"?>"

    /// Appends text of an element.
    ///
    /// XML 1.0 cannot carry every character, not even as a reference (section 2.2): most control
    /// characters, U+FFFE and U+FFFF. The product's writer fails there and its client waits for an
    /// answer in vain; here U+FFFD takes their place, as it does for bytes that are not UTF-8, so
    /// that the document is well-formed and everybody sees where something is missing.
    static func append(text: [UInt8], to bytes: inout [UInt8]) {
        text.withUnsafeBufferPointer { append($0, isAttribute: false, to: &bytes) }
    }

    /// Appends text of an element.
    static func append(text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { append($0, isAttribute: false, to: &bytes) }
    }

    /// Appends text of an attribute that stands in double quotes.
    static func append(attribute text: [UInt8], to bytes: inout [UInt8]) {
        text.withUnsafeBufferPointer { append($0, isAttribute: true, to: &bytes) }
    }

    /// Appends text of an attribute that stands in double quotes.
    static func append(attribute text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { append($0, isAttribute: true, to: &bytes) }
    }

    private static func append(
        _ text: UnsafeBufferPointer<UInt8>,
        isAttribute: Bool,
        to bytes: inout [UInt8]
    ) {
        var start = 0
        var index = 0
        while index < text.count {
            let length = lengthOfPlain(in: text, at: index, isAttribute: isAttribute)
            if length > 0 {
                index += length
                continue
            }
            bytes.append(contentsOf: text[start..<index])
            index += appendSpecial(in: text, at: index, to: &bytes)
            start = index
        }
        bytes.append(contentsOf: text[start...])
    }

    /// The length of a character that stands for itself; 0 for all others.
    private static func lengthOfPlain(
        in text: UnsafeBufferPointer<UInt8>,
        at index: Int,
        isAttribute: Bool
    ) -> Int {
        switch text[index] {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"): return 0
        case UInt8(ascii: "\""), 0x09, 0x0A: return isAttribute ? 0 : 1
        case 0..<0x20: return 0
        case 0..<0x80: return 1
        default:
            let length = lengthOfCharacter(in: text, at: index)
            let isNone =
                length == 3 && text[index] == 0xEF && text[index + 1] == 0xBF
                && text[index + 2] >= 0xBE
            return isNone ? 0 : length
        }
    }

    /// Appends what stands for a character, or for what is none; returns its bytes in the text.
    private static func appendSpecial(
        in text: UnsafeBufferPointer<UInt8>,
        at index: Int,
        to bytes: inout [UInt8]
    ) -> Int {
        switch text[index] {
        case UInt8(ascii: "&"): bytes.add("&amp;")
        case UInt8(ascii: "<"): bytes.add("&lt;")
        case UInt8(ascii: ">"): bytes.add("&gt;")
        case UInt8(ascii: "\""): bytes.add("&quot;")
        case 0x09: bytes.add("&#x9;")
        case 0x0A: bytes.add("&#xA;")
        case 0x0D: bytes.add("&#xD;")
        default:
            bytes.add("\u{FFFD}")
            return max(1, lengthOfCharacter(in: text, at: index))
        }
        return 1
    }

    /// The length of a character of UTF-8 (RFC 3629 section 4), 0 where there is none.
    private static func lengthOfCharacter(
        in text: UnsafeBufferPointer<UInt8>,
        at index: Int
    ) -> Int {
        let (low, high, length) = secondByte(after: text[index])
        guard length > 0, index + length <= text.count else { return text[index] < 0x80 ? 1 : 0 }
        guard text[index + 1] >= low, text[index + 1] <= high else { return 0 }
        for place in 2..<max(2, length) where text[index + place] & 0xC0 != 0x80 { return 0 }
        return length
    }

    /// What the second byte may be, and how long the character is; nothing for other first bytes.
    private static func secondByte(after first: UInt8) -> (UInt8, UInt8, Int) {
        switch first {
        case 0xC2...0xDF: (0x80, 0xBF, 2)
        case 0xE0: (0xA0, 0xBF, 3)
        case 0xED: (0x80, 0x9F, 3)
        case 0xE1...0xEF: (0x80, 0xBF, 3)
        case 0xF0: (0x90, 0xBF, 4)
        case 0xF1...0xF3: (0x80, 0xBF, 4)
        case 0xF4: (0x80, 0x8F, 4)
        default: (0, 0, 0)
        }
    }
}
