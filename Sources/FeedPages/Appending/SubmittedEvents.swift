public import EventModel

/// Events that came in through the interface, with what is expected of their streams.
public struct SubmittedEvents: Sendable {
    /// The events in the order in which they get their numbers.
    public let events: [NewEvent]
    /// What is expected of each stream; `any` where nothing was said.
    public let expectations: [StreamName: ExpectedVersion]
    /// The line that each event came from, counted from 1; empty where the body has no lines.
    public let lines: [Int]

    /// The streams in order of first appearance.
    public var streams: [StreamName] {
        var seen: Set<StreamName> = []
        return events.map(\.stream).filter { seen.insert($0).inserted }
    }

    /// Describes what came in.
    ///
    /// - Parameters:
    ///   - events: The events in order.
    ///   - expectations: What is expected of each stream.
    ///   - lines: The line that each event came from.
    public init(
        events: [NewEvent],
        expectations: [StreamName: ExpectedVersion] = [:],
        lines: [Int] = []
    ) {
        self.events = events
        self.expectations = expectations
        self.lines = lines
    }

    /// Checks and hashes the events.
    ///
    /// - Parameter limits: What the store takes at the most.
    /// - Returns: The append.
    /// - Throws: ``InvalidSubmission`` for what is too large and for an id that occurs twice.
    public func batch(limits: Limits) throws(InvalidSubmission) -> AppendBatch {
        fatalError("soon")
    }
}

/// What was sent cannot become events; nothing was recorded.
public struct InvalidSubmission: Error, Hashable, Sendable, CustomStringConvertible {
    /// The problem that it is on the wire: `invalidBody`, `invalidEvent`, `invalidHeader`,
    /// `tooLarge` or `unsupportedMediaType`.
    public let problem: ProblemKind
    /// The line in the body, from 1; only where the body has lines.
    public var line: Int?
    /// The column in that line, from 1.
    public var column: Int?
    /// The member, header, or XPath-like name.
    public var field: String?
    /// The value at fault, shortened to 100 characters.
    public var value: String?
    /// The highest value allowed.
    public var limit: Int?
    /// The value found.
    public var size: Int?
    /// A short stable word for the rule that was broken: `unknown-member`, `missing`, ….
    public var reason: String?
    /// One sentence for people that says what to do.
    public let description: String

    /// States what is wrong.
    ///
    /// - Parameters:
    ///   - problem: The problem that it is on the wire.
    ///   - description: One sentence for people.
    public init(_ problem: ProblemKind, _ description: String) {
        self.problem = problem
        self.description = description
    }
}

/// Reads the body of `POST /events` as it arrives: one event a line.
///
/// After an error nothing more may be given; no event of the body may be recorded.
public struct EventLinesReader: Sendable {
    /// Begins a body.
    ///
    /// - Parameter limits: The limits in force: events and bytes of an append, values of an event.
    public init(limits: WireLimits = .standard) {
        fatalError("soon")
    }

    /// Reads the next bytes of the body.
    ///
    /// - Parameter bytes: Any part of the body, cut anywhere.
    /// - Throws: ``InvalidSubmission`` that names the line.
    public mutating func read(_ bytes: some Collection<UInt8>) throws(InvalidSubmission) {
        fatalError("soon")
    }

    /// Ends the body.
    ///
    /// - Returns: All events of the body.
    /// - Throws: ``InvalidSubmission`` for the last line, and where there is no event at all.
    public consuming func finish() throws(InvalidSubmission) -> SubmittedEvents {
        fatalError("soon")
    }

    /// Reads a body that is in memory.
    ///
    /// - Parameters:
    ///   - body: The whole body.
    ///   - limits: The limits in force.
    /// - Returns: All events of the body.
    /// - Throws: ``InvalidSubmission`` that names the line.
    public static func parse(_ body: some Collection<UInt8>, limits: WireLimits = .standard)
        throws(InvalidSubmission) -> SubmittedEvents
    {
        var reader = EventLinesReader(limits: limits)
        try reader.read(body)
        return try reader.finish()
    }
}

extension NewEvent {
    /// Writes the event as a line of `POST /events`, with LF.
    ///
    /// - Parameter expected: What is expected of the stream; nil leaves it out.
    /// - Returns: The line: exactly what a reader gets back byte for byte.
    public func line(expecting expected: ExpectedVersion? = nil) -> [UInt8] { fatalError("soon") }

    /// Reads a posted Atom entry (RFC 5023 section 9.2).
    ///
    /// - Parameters:
    ///   - bytes: The entry document.
    ///   - stream: The stream of the address; nil at `/feed`, where the entry names it.
    ///   - limits: The limits in force.
    /// - Returns: The event; without an id in the entry it has a new one.
    /// - Throws: ``InvalidSubmission``: `unsupportedMediaType` for xhtml and inline XML,
    ///   `invalidBody` for bytes that are no entry, `invalidEvent` for the rest.
    public static func entry(
        _ bytes: [UInt8],
        stream: StreamName?,
        limits: WireLimits = .standard
    ) throws(InvalidSubmission) -> NewEvent {
        fatalError("soon")
    }

    /// Checks metadata that came in: it must be valid JSON whose value is an object.
    ///
    /// - Parameters:
    ///   - bytes: The metadata.
    ///   - field: The member or header, for the error.
    /// - Throws: ``InvalidSubmission`` (`invalidEvent`).
    public static func checkMetadata(_ bytes: [UInt8], field: String) throws(InvalidSubmission) {
        fatalError("soon")
    }
}
