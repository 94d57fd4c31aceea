import Crypto

/// The 16 bytes of a UUID (RFC 9562), with the parsing, writing and making that ids share.
///
/// Foundation's `UUID` writes upper case and allocates on the way; on the wire every id is lower
/// case, and a page holds hundreds.
public struct UUIDBytes: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The first 8 bytes, big-endian.
    package let high: UInt64
    /// The last 8 bytes, big-endian.
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Takes the 16 bytes in network order.
    ///
    /// - Parameter bytes: Exactly 16 bytes; returns nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for byte in bytes.prefix(8) { high = high << 8 | UInt64(byte) }
        for byte in bytes.dropFirst(8) { low = low << 8 | UInt64(byte) }
        self.init(high: high, low: low)
    }

    /// Reads the form with dashes, `8-4-4-4-12` hex digits of either case.
    ///
    /// - Parameter text: 36 characters; returns nil for anything else.
    public init?(_ text: some StringProtocol) {
        // Another module calls this without knowing the type: one that is known here is ten times
        // as fast, and a page has hundreds of ids.
        self.init(text: String(text))
    }

    private init?(text: String) {
        guard text.utf8.count == 36 else { return nil }
        var value: (high: UInt64, low: UInt64) = (0, 0)
        for (place, byte) in text.utf8.enumerated() {
            if place == 8 || place == 13 || place == 18 || place == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = Hex.value(of: byte) else { return nil }
            // The first 18 characters hold the first 16 digits and two dashes.
            if place < 18 {
                value.high = value.high << 4 | UInt64(digit)
            } else {
                value.low = value.low << 4 | UInt64(digit)
            }
        }
        self.init(high: value.high, low: value.low)
    }

    /// The 16 bytes in network order.
    public var bytes: [UInt8] {
        (0..<16).map { place in
            UInt8(truncatingIfNeeded: (place < 8 ? high : low) >> (56 - 8 * UInt64(place % 8)))
        }
    }

    /// The lower-case form with dashes.
    public var description: String {
        let digits = Hex.digits(of: bytes)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (place, digit) in digits.enumerated() {
            if place == 8 || place == 12 || place == 16 || place == 20 {
                text.append(UInt8(ascii: "-"))
            }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Orders by bytes, which for time-ordered ids is the order of their making.
    public static func < (lhs: UUIDBytes, rhs: UUIDBytes) -> Bool {
        (lhs.high, lhs.low) < (rhs.high, rhs.low)
    }

    /// A random id (version 4, RFC 9562 section 5.4).
    package static func random() -> UUIDBytes {
        var generator = SystemRandomNumberGenerator()
        return UUIDBytes(high: generator.next(), low: generator.next()).with(version: 4)
    }

    /// An id that sorts by time (version 7, RFC 9562 section 5.7).
    ///
    /// The 12 bits after the milliseconds hold their fraction (section 6.2, method 3), the rest is
    /// random; ids made by one process in one microsecond sort in no particular order.
    package static func timeOrdered(at instant: Timestamp) -> UUIDBytes {
        var generator = SystemRandomNumberGenerator()
        let microseconds = UInt64(max(0, instant.microseconds))
        let fraction = (microseconds % 1_000) << 12 / 1_000
        return UUIDBytes(
            high: (microseconds / 1_000) << 16 | (fraction & 0xFFF),
            low: generator.next()
        ).with(version: 7)
    }

    /// The id that belongs to a name (version 5, RFC 9562 section 5.5).
    package static func named(_ name: some Sequence<UInt8>, in namespace: UUIDBytes) -> UUIDBytes {
        var hash = Insecure.SHA1()
        hash.update(data: namespace.bytes)
        hash.update(data: Array(name))
        var value: (high: UInt64, low: UInt64) = (0, 0)
        for (place, byte) in hash.finalize().prefix(16).enumerated() {
            if place < 8 {
                value.high = value.high << 8 | UInt64(byte)
            } else {
                value.low = value.low << 8 | UInt64(byte)
            }
        }
        return UUIDBytes(high: value.high, low: value.low).with(version: 5)
    }

    private func with(version: UInt64) -> UUIDBytes {
        UUIDBytes(
            high: high & ~0xF000 | version << 12,
            low: low & ~(0b11 << 62) | 0b10 << 62
        )
    }
}
