/// The identity of one history.
///
/// A store gets an epoch when it is created. It changes only if history may have forked: when a
/// backup that lacks acknowledged events was restored. A subscriber keeps the epoch in its
/// checkpoint and stops when it meets another one.
public struct Epoch: Hashable, Sendable, CustomStringConvertible {
    /// The 16 bytes.
    public let uuid: UUIDBytes

    /// Wraps a UUID of any version.
    ///
    /// - Parameter uuid: Any 16 bytes.
    public init(_ uuid: UUIDBytes) {
        self.uuid = uuid
    }

    /// Reads the form with dashes, in either case.
    ///
    /// - Parameter text: 36 characters; returns nil for anything else.
    public init?(_ text: some StringProtocol) {
        guard let uuid = UUIDBytes(text) else { return nil }
        self.uuid = uuid
    }

    /// Makes the identity of a new history.
    ///
    /// - Returns: A random epoch (UUID version 4).
    public static func random() -> Epoch { Epoch(.random()) }

    /// The first 12 hex digits, as they stand in the addresses of complete pages.
    public var shortForm: String {
        String(decoding: Hex.digits(of: uuid.bytes).prefix(12), as: UTF8.self)
    }

    /// The lower-case form with dashes.
    public var description: String { uuid.description }
}
