import EventModel

/// Reads the body of `POST /events` as it arrives: one event a line.
///
/// After an error nothing more may be given; no event of the body may be recorded.
public struct EventLinesReader: Sendable {
    private let limits: WireLimits
    private var size = 0
    private var line = 0
    /// What arrived since the last line feed.
    private var pending: [UInt8] = []
    private var events: [NewEvent] = []
    private var lines: [Int] = []
    private var ids: Set<EventID> = []
    /// What the first line of each stream expects; nil where it says nothing.
    private var expectations: [StreamName: ExpectedVersion?] = [:]

    /// Begins a body.
    ///
    /// - Parameter limits: The limits in force: events and bytes of an append, values of an event.
    public init(limits: WireLimits = .standard) {
        self.limits = limits
    }

    /// Reads the next bytes of the body.
    ///
    /// - Parameter bytes: Any part of the body, cut anywhere.
    /// - Throws: ``InvalidSubmission`` that names the line.
    /// - Complexity: Linear in the bytes, however they are cut.
    public mutating func read(_ bytes: some Collection<UInt8>) throws(InvalidSubmission) {
        size += bytes.count
        guard size <= limits.appendBytes else {
            throw .tooLarge("body", limit: limits.appendBytes, size: size)
        }
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            pending.append(contentsOf: rest[..<end])
            try endLine()
            rest = rest[rest.index(after: end)...]
        }
        pending.append(contentsOf: rest)
    }

    /// Ends the body.
    ///
    /// - Returns: All events of the body.
    /// - Throws: ``InvalidSubmission`` for the last line, and where there is no event at all.
    public consuming func finish() throws(InvalidSubmission) -> SubmittedEvents {
        if !pending.isEmpty { try endLine() }
        guard !events.isEmpty else {
            throw InvalidSubmission(.invalidBody, "there is no event: send one JSON object a line")
        }
        return SubmittedEvents(
            events: events,
            expectations: expectations.compactMapValues { $0 },
            lines: lines
        )
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

    private mutating func endLine() throws(InvalidSubmission) {
        line += 1
        defer { pending.removeAll(keepingCapacity: true) }
        if pending.last == UInt8(ascii: "\r") { pending.removeLast() }
        if line == 1, pending.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw InvalidSubmission(
                .invalidBody,
                "the body begins with a byte order mark: leave it out"
            ).at(line: 1)
        }
        guard pending.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
        do throws(InvalidSubmission) {
            guard events.count < limits.store.eventsPerAppend else {
                throw .tooLarge(
                    "events",
                    limit: limits.store.eventsPerAppend,
                    size: events.count + 1,
                    unit: "events"
                )
            }
            var parser = EventLineParser(pending, limits: limits)
            let (event, expected) = try parser.parse()
            try take(event, expected)
        } catch {
            throw error.at(line: line)
        }
    }

    private mutating func take(_ event: NewEvent, _ expected: ExpectedVersion?)
        throws(InvalidSubmission)
    {
        guard ids.insert(event.id).inserted else {
            throw InvalidSubmission(
                .repeatedID,
                "id",
                value: event.id.description,
                "the id \(event.id) occurs twice: give every event an id of its own"
            )
        }
        if let first = expectations[event.stream] {
            guard expected == nil || expected == first else {
                throw InvalidSubmission(
                    .expectation,
                    "expect",
                    value: expected?.description,
                    "the first line of stream \"\(event.stream)\" expects "
                        + "\(first?.description ?? "nothing"): say it there, once"
                )
            }
        } else {
            expectations.updateValue(expected, forKey: event.stream)
        }
        events.append(event)
        lines.append(line)
    }
}
