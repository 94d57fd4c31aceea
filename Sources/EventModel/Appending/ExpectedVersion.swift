/// What must hold of a stream when events are appended to it.
public enum ExpectedVersion: Hashable, Sendable, CustomStringConvertible {
    /// Nothing: the append conflicts with nobody's.
    case any
    /// The stream has no events, or it was deleted.
    case none
    /// The stream has at least one event, or something is said about it; it was not deleted.
    case exists
    /// The stream has exactly as many events as the writer saw, be they hidden or not.
    case exactly(StreamVersion)

    /// Whether a stream is as expected.
    ///
    /// - Parameters:
    ///   - state: The stream's state in the transaction that appends.
    ///   - stream: The stream's name, for the error.
    /// - Returns: True if the append may go on.
    /// - Throws: ``StreamDeleted`` for a stream with a tombstone, whatever is expected, and for a
    ///   deleted one that is expected to exist.
    public func holds(for state: StreamState, of stream: StreamName) throws(StreamDeleted) -> Bool {
        let isTombstoned = state.condition == .tombstoned
        let isDeleted = state.condition == .deleted
        if isTombstoned || (isDeleted && self == .exists) {
            throw StreamDeleted(stream: stream, version: state.version, isPermanent: isTombstoned)
        }
        return switch self {
        case .any: true
        case .none: state.version == .empty || isDeleted
        case .exists: state.version > .empty || state.metadataVersion > .empty
        case .exactly(let expected): state.version == expected
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
