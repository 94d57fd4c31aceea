/// What must hold of a stream when events are appended to it.
public enum ExpectedVersion: Hashable, Sendable, CustomStringConvertible {
    /// Nothing: the append never conflicts.
    case any
    /// The stream has no events.
    case none
    /// The stream has at least one event.
    case exists
    /// The stream has exactly as many events as the writer saw.
    case exactly(StreamVersion)

    /// Whether a stream at `version` is what was expected.
    ///
    /// - Parameter version: The stream's version in the transaction that appends.
    /// - Returns: True if the append may go on.
    public func holds(at version: StreamVersion) -> Bool {
        switch self {
        case .any: true
        case .none: version == .empty
        case .exists: version > .empty
        case .exactly(let expected): version == expected
        }
    }

    /// `any`, `none`, `exists` or the count, as on the wire.
    public var description: String {
        switch self {
        case .any: "any"
        case .none: "none"
        case .exists: "exists"
        case .exactly(let version): version.description
        }
    }
}
