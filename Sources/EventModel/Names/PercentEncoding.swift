/// Percent-encoding as the wire has it (RFC 3986 section 2.1): only unreserved characters stay as
/// they are, escapes are upper case, and `+` is a plus.
package enum PercentEncoding {
    /// The escaped form of a text.
    package static func encode(_ text: String) -> String {
        String(decoding: bytes(text.utf8), as: UTF8.self)
    }

    /// The escaped form of UTF-8 bytes.
    package static func bytes(_ text: some Collection<UInt8>) -> [UInt8] {
        var escaped: [UInt8] = []
        escaped.reserveCapacity(text.count)
        for byte in text {
            if isUnreserved(byte) {
                escaped.append(byte)
            } else {
                escaped.append(UInt8(ascii: "%"))
                escaped.append(digit(byte >> 4))
                escaped.append(digit(byte & 0xF))
            }
        }
        return escaped
    }

    /// The text behind escapes, or nil where an escape is broken or the bytes are no UTF-8.
    package static func decode(_ escaped: some Collection<UInt8>) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(escaped.count)
        var rest = escaped.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(Hex.value(of:)),
                let low = rest.next().flatMap(Hex.value(of:))
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default:
            false
        }
    }
}
