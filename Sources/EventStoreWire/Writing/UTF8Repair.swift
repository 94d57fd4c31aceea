import EventModel

/// Makes UTF-8 of bytes that may be none, as a reader of the product's answers would see them.
enum UTF8Repair {
    /// Returns the bytes themselves where they are UTF-8 (RFC 3629), else with U+FFFD in the place
    /// of what is not.
    static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        isValid(bytes) ? bytes : Array(String(decoding: bytes, as: UTF8.self).utf8)
    }

    private static func isValid(_ bytes: [UInt8]) -> Bool {
        var index = 0
        while index < bytes.count {
            if bytes[index] < 0x80 {
                index += 1
                continue
            }
            let length = UTF8Scan.lengthOfCharacter(in: bytes, at: index, end: bytes.count)
            if length == 0 { return false }
            index += length
        }
        return true
    }
}
