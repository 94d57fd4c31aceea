/// An event that the store already has, as far as a repeated append must know it.
package struct KnownEvent: Hashable, Sendable {
    package let number: EventNumber
    package let version: StreamVersion
    package let digest: EventDigest

    package init(number: EventNumber, version: StreamVersion, digest: EventDigest) {
        self.number = number
        self.version = version
        self.digest = digest
    }
}

/// Where an event of a stream stands, and under which id its writer knows it.
package struct GivenEvent: Hashable, Sendable {
    package let number: EventNumber
    package let version: StreamVersion
    /// The id that the writer gave.
    package let id: EventID

    package init(number: EventNumber, version: StreamVersion, id: EventID) {
        self.number = number
        self.version = version
        self.id = id
    }
}

/// What the judgement of an append asks of a store, within the transaction that appends.
package protocol AppendLookups {
    /// The event with an id.
    mutating func known(_ id: EventID) throws -> KnownEvent?

    /// Whether any event has an id.
    mutating func isTaken(_ id: EventID) throws -> Bool

    /// The first event of a stream after a number whose writer gave it an id.
    ///
    /// It must not walk over the events before that number: an append may ask for one id as often
    /// as it has events.
    mutating func event(given id: EventID, in stream: StreamName, after number: EventNumber)
        throws -> GivenEvent?

    /// The events of a stream that follow a version, hidden or not, oldest first; `count` of them
    /// at the most.
    mutating func events(of stream: StreamName, after version: StreamVersion, count: Int) throws
        -> [GivenEvent]

    /// What holds of a stream.
    mutating func state(of stream: StreamName) throws -> StreamState

    /// The data of a metadata stream's newest event.
    mutating func newestData(of stream: StreamName) throws -> [UInt8]
}
