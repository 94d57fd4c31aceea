import Crypto

/// `c(n)`: one SHA-256 digest for the whole history up to event n.
///
/// `c(0)` is SHA-256 of `eventfeed-1`; `c(n)` is SHA-256 of `c(n−1)`, then number, version and
/// recorded-at (microseconds) as 8 bytes big-endian each, then ``EventDigest``. Whoever computes
/// the same value has seen the same events in the same order: a fork, a changed event or a wrong
/// cache shows at the next comparison.
public struct ChainDigest: Hashable, Sendable, CustomStringConvertible {
    /// 32 bytes.
    public let bytes: [UInt8]

    /// `c(0)`, the chain before the first event.
    public static let beginning = ChainDigest(
        unchecked: Array(SHA256.hash(data: Array("eventfeed-1".utf8)))
    )

    private init(unchecked bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Takes a digest that was computed before.
    ///
    /// - Parameter bytes: Exactly 32 bytes; returns nil for any other count.
    public init?(bytes: [UInt8]) {
        guard bytes.count == SHA256.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Reads 64 hexadecimal digits of either case.
    ///
    /// - Parameter text: The digits; returns nil for anything else.
    public init?(hex text: some StringProtocol) {
        guard let bytes = Hex.bytes(of: text) else { return nil }
        self.init(bytes: bytes)
    }

    /// The chain after one more event.
    ///
    /// - Parameter event: The event that follows; its content is hashed.
    /// - Returns: `c(n)` where this is `c(n−1)`.
    /// - Complexity: Linear in the bytes of data and metadata.
    public func appending(_ event: RecordedEvent) -> ChainDigest {
        appending(
            EventDigest(of: event.event),
            number: event.number,
            version: event.version,
            recordedAt: event.recordedAt
        )
    }

    /// The chain after one more event whose content was hashed before.
    ///
    /// - Parameters:
    ///   - digest: The digest of the event's content.
    ///   - number: The event's place in the store.
    ///   - version: The event's place in its stream.
    ///   - recordedAt: When the store recorded it.
    /// - Returns: `c(n)` where this is `c(n−1)`.
    public func appending(
        _ digest: EventDigest,
        number: EventNumber,
        version: StreamVersion,
        recordedAt: Timestamp
    ) -> ChainDigest {
        var hash = SHA256()
        hash.update(data: bytes)
        hash.updateBigEndian(UInt64(number.rawValue))
        hash.updateBigEndian(UInt64(version.rawValue))
        hash.updateBigEndian(UInt64(bitPattern: recordedAt.microseconds))
        hash.update(data: digest.bytes)
        return ChainDigest(unchecked: Array(hash.finalize()))
    }

    /// 64 lower-case hexadecimal digits.
    public var description: String { Hex.string(of: bytes) }
}
