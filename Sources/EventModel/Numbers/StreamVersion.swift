/// The count of events ever appended to a stream.
///
/// An empty stream has version 0, its first event has version 1. A version is a count and never a
/// 0-based place; truncating or deleting a stream does not lower it.
public struct StreamVersion: RawRepresentable, Hashable, Comparable, Sendable,
    CustomStringConvertible
{
    /// 0 or more.
    public let rawValue: Int64

    /// Wraps a count.
    ///
    /// - Parameter rawValue: 0 or more; returns nil for less.
    public init?(rawValue: Int64) {
        guard rawValue >= 0 else { return nil }
        self.rawValue = rawValue
    }

    /// Wraps a count that the caller has checked; a negative one is a programming error.
    ///
    /// - Parameter value: 0 or more.
    public init(_ value: Int64) {
        precondition(value >= 0, "a stream's version is never negative")
        rawValue = value
    }

    /// The version of a stream without events.
    public static let empty = StreamVersion(0)

    /// The version after one more event; of a version that a store has counted, never of one that
    /// came from outside: the highest `Int64` has none.
    public var next: StreamVersion { StreamVersion(rawValue + 1) }

    /// The count in decimal digits.
    public var description: String { String(rawValue) }

    /// Orders by count.
    public static func < (lhs: StreamVersion, rhs: StreamVersion) -> Bool {
        lhs.rawValue < rhs.rawValue
    }
}
