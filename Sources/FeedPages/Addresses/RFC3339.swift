import EventModel

/// Instants as a query names them.
enum RFC3339 {
    private static let microsecond: Int64 = 1
    private static let second: Int64 = 1_000_000

    /// The first whole microsecond that is not before the instant named; nil where `text` is no
    /// date-time with zone.
    ///
    /// ``Timestamp`` cuts decimals and takes a leap second as the second before; "recorded before"
    /// has to be exact for any count of decimals, and second 60 is the next second's 0.
    static func roundedUp(_ text: String) -> Timestamp? {
        var bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t")
        else { return nil }
        let isLeap = bytes[17] == UInt8(ascii: "6") && bytes[18] == UInt8(ascii: "0")
        if isLeap { bytes.replaceSubrange(17...18, with: "59".utf8) }
        guard let cut = Timestamp(rfc3339: String(decoding: bytes, as: UTF8.self)) else {
            return nil
        }
        let decimals = bytes[19] == UInt8(ascii: ".") ? bytes[20...].prefix(while: isDigit) : []
        let isCut = decimals.dropFirst(6).contains { $0 != UInt8(ascii: "0") }
        return Timestamp(
            microseconds: cut.microseconds + (isLeap ? second : 0) + (isCut ? microsecond : 0)
        )
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
