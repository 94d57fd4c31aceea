import EventModel
import FeedPages
import FeedReading

/// Records events of the source in the target, in their order.
struct MigrationWriter: Sendable {
    let writer: FeedWriter
    let streams: TargetStreams

    /// Bytes of values in one append; a single event may have more.
    private static let bytesAtOnce = 8 << 20

    /// What became of events.
    struct Outcome: Sendable {
        /// The number that each event has in its stream in the target, from 0.
        var numbers: [Int64] = []
        /// How many events streams have, as far as this is known.
        fileprivate var counts: [StreamName: Int64] = [:]
        /// The places of events that have a derived id.
        var derived: [Int] = []
        /// The highest number known to be recorded.
        var head: Int64
    }

    /// Records events, those that `POST /events` takes in as few appends as possible.
    ///
    /// - Parameters:
    ///   - events: The events.
    ///   - head: The target's head before them.
    /// - Returns: What became of them, in their order.
    /// - Throws: What the target says; ``CommandError``; `CancellationError`.
    func record(_ events: [SourceEvent], head: Int64) async throws -> Outcome {
        var outcome = Outcome(numbers: Array(repeating: 0, count: events.count), head: head)
        // Places of events that go through their stream's own resource.
        var special = Self.special(events)
        var start = 0
        while start < events.count {
            let end = Self.run(from: start, in: events, special)
            let run = start..<end
            if special.contains(start) {
                try await recordOne(events, run, &outcome)
            } else if let taken = try await recordAll(events, run, &outcome) {
                special.formUnion(taken)
                continue
            }
            start = end
        }
        outcome.derived = special.sorted()
        return outcome
    }

    /// Events that cannot be lines of `POST /events`, whatever is in the target.
    private static func special(_ events: [SourceEvent]) -> Set<Int> {
        var ids: Set<EventID> = []
        var special: Set<Int> = []
        for (index, event) in events.enumerated() {
            let isFirst = ids.insert(event.event.id).inserted
            if !isFirst || !event.isPlain { special.insert(index) }
        }
        return special
    }

    /// The end of the events that go with the one at `start`.
    private static func run(from start: Int, in events: [SourceEvent], _ special: Set<Int>) -> Int {
        let isSpecial = special.contains(start)
        var bytes = 0
        var end = start
        while end < events.count, special.contains(end) == isSpecial {
            let event = events[end].event
            if isSpecial, event.stream != events[start].event.stream { break }
            bytes += event.data.bytes.count + (event.metadata?.bytes.count ?? 0)
            if end > start, bytes > bytesAtOnce { break }
            end += 1
        }
        return end
    }

    /// Records events of one stream through its own resource.
    private func recordOne(
        _ events: [SourceEvent],
        _ run: Range<Int>,
        _ outcome: inout Outcome
    ) async throws {
        let stream = events[run.lowerBound].event.stream
        let new = events[run].map(\.event)
        let count = try await append(new, to: stream, knowing: outcome.counts[stream])
        // The store itself writes to metadata streams too.
        outcome.counts[stream] = stream.isMetadataStream ? nil : count + Int64(new.count)
        for (place, index) in run.enumerated() { outcome.numbers[index] = count + Int64(place) }
    }

    /// Appends to a stream that has so many events as is known, or else is asked for.
    private func append(_ events: [NewEvent], to stream: StreamName, knowing known: Int64?)
        async throws -> Int64
    {
        if let known {
            do {
                try await streams.append(events, after: known)
                return known
            } catch let error as CommandError where error.status == .temporary {
                // Somebody else wrote to it since.
            }
        }
        let count = try await streams.count(of: stream)
        try await streams.append(events, after: count)
        return count
    }

    /// Records events with `POST /events`.
    ///
    /// - Returns: Places of events whose ids other events have, where that is why nothing was
    ///   recorded; nil where all were.
    private func recordAll(
        _ events: [SourceEvent],
        _ run: Range<Int>,
        _ outcome: inout Outcome
    ) async throws -> Set<Int>? {
        let result: AppendResult
        do {
            result = try await writer.append(AppendBatch(events[run].map(\.event)))
        } catch let error as DuplicateEvent {
            return Self.places(of: [error.id], in: events, run)
        } catch let error as PartlyRecorded {
            return Self.places(of: Set(error.known.keys), in: events, run)
        } catch let error as LimitExceeded {
            let event = error.eventIndex.map { events[run.lowerBound + $0] }
            throw CommandError(
                .dataError,
                "the target does not take event \(event?.name ?? "") of the source: \(error)"
                    + (event.map {
                        "; to go on without the stream, give --leave-out "
                            + "'\($0.event.stream)'"
                    } ?? "")
            )
        }
        // A repetition of what was there before is the source's own, with an id that it repeats.
        if result.wasAlreadyRecorded, result.first.rawValue <= outcome.head { return Set(run) }
        outcome.head = max(outcome.head, result.last.rawValue)
        for (stream, version) in result.versions where !stream.isMetadataStream {
            outcome.counts[stream] = version.rawValue
        }
        var next = result.firstVersions.mapValues { $0.rawValue - 1 }
        for index in run {
            let stream = events[index].event.stream
            outcome.numbers[index] = next[stream] ?? 0
            next[stream, default: 0] += 1
        }
        return nil
    }

    private static func places(of ids: Set<EventID>, in events: [SourceEvent], _ run: Range<Int>)
        -> Set<Int>
    {
        Set(run.filter { ids.contains(events[$0].event.id) })
    }
}
