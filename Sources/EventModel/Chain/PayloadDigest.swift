import Crypto

/// SHA-256 of the bytes of data or metadata, by which a reader checks what it fetched from
/// another address.
public struct PayloadDigest: Hashable, Sendable, CustomStringConvertible {
    /// 32 bytes.
    public let bytes: [UInt8]

    /// Hashes bytes.
    ///
    /// - Parameter payload: The bytes as they were written.
    public init(of payload: [UInt8]) {
        bytes = Array(SHA256.hash(data: payload))
    }

    /// Reads 64 hexadecimal digits of either case.
    ///
    /// - Parameter text: The digits; returns nil for anything else.
    public init?(hex text: some StringProtocol) {
        guard let bytes = Hex.bytes(of: text), bytes.count == SHA256.byteCount else { return nil }
        self.bytes = bytes
    }

    /// 64 lower-case hexadecimal digits.
    public var description: String { Hex.string(of: bytes) }
}
