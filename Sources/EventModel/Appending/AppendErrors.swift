/// A stream was not at the version that the writer expected: somebody else was faster.
///
/// Load the stream again, decide again, append again; or give up. Nothing was recorded.
public struct VersionConflict: Error, Hashable, Sendable, CustomStringConvertible {
    /// The stream whose expectation did not hold.
    public let stream: StreamName
    /// What the writer expected.
    public let expected: ExpectedVersion
    /// What the store had in the transaction that would have appended.
    public let actual: StreamVersion

    /// States a conflict.
    ///
    /// - Parameters:
    ///   - stream: The stream whose expectation did not hold.
    ///   - expected: What the writer expected.
    ///   - actual: What the store had.
    public init(stream: StreamName, expected: ExpectedVersion, actual: StreamVersion) {
        self.stream = stream
        self.expected = expected
        self.actual = actual
    }

    /// One sentence with both versions.
    public var description: String {
        "stream \"\(stream)\" is at version \(actual), expected was \(expected): "
            + "read what came in between and decide again"
    }
}

/// A stream was deleted, and the append may not go on because of that; nothing was recorded.
///
/// Where the deletion is not for ever, an append that does not insist on the stream's existence
/// opens it again.
public struct StreamDeleted: Error, Hashable, Sendable, CustomStringConvertible {
    /// The stream that was deleted, also where its metadata was to be written.
    public let stream: StreamName
    /// The count of events ever appended to it.
    public let version: StreamVersion
    /// Whether the stream has a tombstone, after which nothing can be appended to it.
    public let isPermanent: Bool

    /// States that a stream was deleted.
    ///
    /// - Parameters:
    ///   - stream: The stream that was deleted.
    ///   - version: The count of events ever appended to it.
    ///   - isPermanent: Whether it has a tombstone.
    public init(stream: StreamName, version: StreamVersion, isPermanent: Bool) {
        self.stream = stream
        self.version = version
        self.isPermanent = isPermanent
    }

    /// One sentence that says what can still be done.
    public var description: String {
        isPermanent
            ? "stream \"\(stream)\" was deleted for ever at version \(version): use another stream"
            : "stream \"\(stream)\" was deleted at version \(version), expected was that it "
                + "exists: expect something else in order to open it again"
    }
}

/// An id is already the id of an event with other content or in another stream.
///
/// Nothing was recorded; the event needs an id of its own.
public struct DuplicateEvent: Error, Hashable, Sendable, CustomStringConvertible {
    /// The id that was used twice.
    public let id: EventID
    /// The number of the event that has the id.
    public let number: EventNumber

    /// States a clash of ids.
    ///
    /// - Parameters:
    ///   - id: The id that was used twice.
    ///   - number: The number of the event that has it.
    public init(id: EventID, number: EventNumber) {
        self.id = id
        self.number = number
    }

    /// One sentence with the id and the number.
    public var description: String {
        "event id \(id) belongs to event \(number), which has other content or another stream: "
            + "give the new event an id of its own"
    }
}

/// Some events of an append are recorded already and some are not; nothing was recorded now.
///
/// A repetition must be exactly the append that it repeats.
public struct PartlyRecorded: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number of every event of the append that is recorded already, by the id that the append
    /// gave it.
    public let known: [EventID: EventNumber]

    /// States which events are recorded.
    ///
    /// - Parameter known: The number of every recorded event of the append, by id.
    public init(known: [EventID: EventNumber]) {
        self.known = known
    }

    /// One sentence with the count and the lowest number.
    public var description: String {
        let lowest = known.values.min().map { ", the first as event \($0)" } ?? ""
        return "\(known.count) events of this append are recorded already\(lowest), the others "
            + "are not: repeat an append whole, or append only what is new"
    }
}
