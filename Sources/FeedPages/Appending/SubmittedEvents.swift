public import EventModel

/// Events that came in through the interface, with what is expected of their streams.
public struct SubmittedEvents: Sendable {
    /// The events in the order in which they get their numbers.
    public let events: [NewEvent]
    /// What is expected of each stream; `any` where nothing was said.
    public let expectations: [StreamName: ExpectedVersion]
    /// The line that each event came from, counted from 1; empty where the body has no lines.
    public let lines: [Int]

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

    /// The streams in order of first appearance.
    public var streams: [StreamName] {
        var seen: Set<StreamName> = []
        return events.map(\.stream).filter { seen.insert($0).inserted }
    }

    /// The line of the first event of a stream.
    ///
    /// - Parameter stream: A stream.
    /// - Returns: nil where the body has no lines, or no event of the stream.
    public func line(of stream: StreamName) -> Int? {
        events.firstIndex { $0.stream == stream }.flatMap(line(at:))
    }

    /// The line of an event.
    ///
    /// - Parameter id: The event's id.
    /// - Returns: nil where the body has no lines, or no such event.
    public func line(of id: EventID) -> Int? {
        events.firstIndex { $0.id == id }.flatMap(line(at:))
    }

    private func line(at index: Int) -> Int? { lines.indices.contains(index) ? lines[index] : nil }

    /// Checks and hashes the events.
    ///
    /// - Parameter limits: What the store takes at the most.
    /// - Returns: The append.
    /// - Throws: ``InvalidSubmission`` for what is too large, for an id that occurs twice and for
    ///   an empty list.
    public func batch(limits: Limits) throws(InvalidSubmission) -> AppendBatch {
        do {
            return try AppendBatch(events, expecting: expectations, limits: limits)
        } catch let error as LimitExceeded {
            var invalid = InvalidSubmission.tooLarge(
                error.field,
                limit: error.limit,
                size: error.actual,
                unit: error.unit
            )
            invalid.line = error.eventIndex.flatMap(line(at:))
            throw invalid
        } catch let error as InvalidAppend {
            throw invalid(error)
        } catch {
            throw InvalidSubmission(.invalidEvent, "\(error)")
        }
    }

    private func invalid(_ error: InvalidAppend) -> InvalidSubmission {
        guard case .repeatedID(let id, _, let second) = error else {
            return InvalidSubmission(.invalidBody, error.description)
        }
        var invalid = InvalidSubmission(
            .repeatedID,
            "id",
            value: id.description,
            error.description
        )
        invalid.line = line(at: second)
        return invalid
    }
}

extension NewEvent {
    /// Writes the event as a line of `POST /events`, with LF: what a server reads back is this
    /// event byte for byte.
    ///
    /// - Parameter expected: What is expected of the stream; nil leaves it out.
    /// - Returns: The line.
    public func line(expecting expected: ExpectedVersion? = nil) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(512 + byteCount)
        JSONLine.append(self, expecting: expected, to: &line)
        line.append(UInt8(ascii: "\n"))
        return line
    }
}
