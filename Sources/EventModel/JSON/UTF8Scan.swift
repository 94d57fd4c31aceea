/// UTF-8 as RFC 3629 section 4 has it: nothing overlong, no surrogates, nothing above U+10FFFF.
package enum UTF8Scan {
    /// The length of the character beyond ASCII that begins at `index`, 0 if it is none.
    ///
    /// U+FFFE and U+FFFF are characters here: JSON can carry them, XML cannot.
    package static func lengthOfCharacter(in bytes: [UInt8], at index: Int, end: Int) -> Int {
        func isTail(_ place: Int) -> Bool { bytes[index + place] & 0xC0 == 0x80 }
        let left = end - index
        switch bytes[index] {
        case 0xC2...0xDF:
            return left > 1 && isTail(1) ? 2 : 0
        case 0xE0...0xEF:
            guard left > 2, isTail(1), isTail(2) else { return 0 }
            if bytes[index] == 0xE0, bytes[index + 1] < 0xA0 { return 0 }
            if bytes[index] == 0xED, bytes[index + 1] > 0x9F { return 0 }
            return 3
        case 0xF0...0xF4:
            guard left > 3, isTail(1), isTail(2), isTail(3) else { return 0 }
            if bytes[index] == 0xF0, bytes[index + 1] < 0x90 { return 0 }
            if bytes[index] == 0xF4, bytes[index + 1] > 0x8F { return 0 }
            return 4
        default:
            return 0
        }
    }
}
