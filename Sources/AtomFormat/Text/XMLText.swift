/// Tells which bytes XML 1.0 can carry, and how many they become.
package enum XMLText {
    /// Returns how many bytes a text takes up in an element, escaped as ``XMLWriter`` does.
    ///
    /// - Parameter bytes: Any bytes.
    /// - Returns: The length; `nil` if the bytes are not valid UTF-8 (RFC 3629) or have a character
    ///   that XML 1.0 cannot carry (XML 1.0 § 2.2).
    /// - Complexity: One pass over the bytes.
    package static func escapedLength(of bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBufferPointer { buffer in
            var length = buffer.count
            var index = 0
            while let special = nextSpecial(in: buffer, from: index, classes: inText) {
                guard let escape = escape(of: buffer[special]) else { return nil }
                length += escape.utf8CodeUnitCount - 1
                index = special + 1
            }
            return length
        }
    }

    /// Says what a byte is to the scan.
    enum ByteClass: UInt8 {
        /// ASCII that stands for itself.
        case plain
        /// The first byte of two or more.
        case lead
        /// To be escaped, or not to be carried at all.
        case special
    }

    /// The classes of bytes in element content.
    static let inText = classes(escaping: [0x26, 0x3C, 0x3E, 0x0D])
    /// The classes of bytes in attribute values.
    static let inAttribute = classes(escaping: [0x26, 0x3C, 0x3E, 0x0D, 0x22, 0x09, 0x0A])

    /// Returns what stands for a byte in the document; `nil` for one that cannot be carried.
    static func escape(of byte: UInt8) -> StaticString? {
        switch byte {
        case 0x26: "&amp;"
        case 0x3C: "&lt;"
        case 0x3E: "&gt;"
        case 0x22: "&quot;"
        case 0x0D: "&#13;"
        case 0x09: "&#9;"
        case 0x0A: "&#10;"
        default: nil
        }
    }

    /// Returns where the next byte stands that cannot be copied.
    ///
    /// - Parameters:
    ///   - buffer: The bytes.
    ///   - start: Where to begin, at the start of a character.
    ///   - classes: ``inText`` or ``inAttribute``.
    /// - Returns: The place of a byte to escape, or of one that has no escape because it begins
    ///   what is not UTF-8 or not an XML character; `nil` if all the rest can be copied.
    static func nextSpecial(
        in buffer: UnsafeBufferPointer<UInt8>,
        from start: Int,
        classes: [ByteClass]
    ) -> Int? {
        classes.withUnsafeBufferPointer { classes in
            var index = start
            while index < buffer.count {
                switch classes[Int(buffer[index])] {
                case .plain:
                    index += 1
                case .lead:
                    let length = lengthOfCharacter(in: buffer, at: index)
                    if length == 0 { return index }
                    index += length
                case .special:
                    return index
                }
            }
            return nil
        }
    }

    /// Makes the table of classes.
    private static func classes(escaping escaped: Set<UInt8>) -> [ByteClass] {
        (UInt8.min...UInt8.max).map { byte in
            if byte >= 0x80 { return .lead }
            let isControl = byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D
            return isControl || escaped.contains(byte) ? .special : .plain
        }
    }

    /// Returns the length of a character beyond ASCII, 0 if it is none or XML cannot carry it.
    ///
    /// RFC 3629 § 4: nothing overlong, no surrogates, nothing above U+10FFFF; XML 1.0 § 2.2: not
    /// U+FFFE and U+FFFF.
    private static func lengthOfCharacter(
        in buffer: UnsafeBufferPointer<UInt8>,
        at index: Int
    ) -> Int {
        let first = buffer[index]
        let left = buffer.count - index
        func isTail(_ place: Int) -> Bool { buffer[index + place] & 0xC0 == 0x80 }
        switch first {
        case 0xC2...0xDF:
            return left > 1 && isTail(1) ? 2 : 0
        case 0xE0...0xEF:
            guard left > 2, isTail(1), isTail(2) else { return 0 }
            let second = buffer[index + 1]
            let third = buffer[index + 2]
            if first == 0xE0, second < 0xA0 { return 0 }
            if first == 0xED, second > 0x9F { return 0 }
            if first == 0xEF, second == 0xBF, third >= 0xBE { return 0 }
            return 3
        case 0xF0...0xF4:
            guard left > 3, isTail(1), isTail(2), isTail(3) else { return 0 }
            let second = buffer[index + 1]
            if first == 0xF0, second < 0x90 { return 0 }
            if first == 0xF4, second > 0x8F { return 0 }
            return 4
        default:
            return 0
        }
    }
}
