/// An event's place in the store: 1, 2, 3, … without a hole, for ever.
///
/// 0 is the place before the first event, the value to read `after` in order to read everything.
public struct EventNumber: RawRepresentable, Hashable, Comparable, Sendable,
    CustomStringConvertible
{
    /// 0 or more.
    public let rawValue: Int64

    /// Wraps a number that is known to be 0 or more.
    ///
    /// - Parameter rawValue: 0 or more; returns nil for less.
    public init?(rawValue: Int64) {
        guard rawValue >= 0 else { return nil }
        self.rawValue = rawValue
    }

    /// Wraps a number that the caller has checked; a negative one is a programming error.
    ///
    /// - Parameter value: 0 or more.
    public init(_ value: Int64) {
        precondition(value >= 0, "an event number is never negative")
        rawValue = value
    }

    /// The place before the first event.
    public static let beginning = EventNumber(0)

    /// The number that follows one that a store has given to an event.
    ///
    /// The highest `Int64` has none: of a number that came from outside compare with its
    /// predecessor instead.
    public var next: EventNumber { EventNumber(rawValue + 1) }

    /// The number in decimal digits.
    public var description: String { String(rawValue) }

    /// Orders as the events are ordered.
    public static func < (lhs: EventNumber, rhs: EventNumber) -> Bool {
        lhs.rawValue < rhs.rawValue
    }
}
